import type { FormEvent, KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { useSpeech } from "@/components/words/words";
import { isSendable, lengthWords, useAutoGrow } from "../composer/draft";
import { sendsMessage } from "../composer/enter-key";
import { useEnterSends } from "../composer/use-enter-sends";

interface EditMessageProps {
  words: string;
  onSubmit: (words: string) => void;
  onCancel: () => void;
}

/** The form that rewords the last message, in its place. Escape leaves the message unchanged. */
export function EditMessage({ words, onSubmit, onCancel }: EditMessageProps) {
  const [text, setText] = useState(words);
  const field = useRef<HTMLTextAreaElement>(null);
  const [enterSends] = useEnterSends();
  const speech = useSpeech();
  const { conversation, common } = speech.words;
  const length = lengthWords(text, speech);
  useAutoGrow(field, text);

  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, []);

  function submit(event?: FormEvent) {
    event?.preventDefault();
    if (isSendable(text)) onSubmit(text.trim());
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") onCancel();
    else if (sendsMessage(event, enterSends)) submit();
    else return;
    event.preventDefault();
  }

  return (
    <form
      onSubmit={submit}
      aria-label={conversation.editLast}
      data-testid="edit-message"
      className="flex flex-col gap-2 rounded-2xl border border-edge bg-sheet p-3 focus-within:border-water"
    >
      <textarea
        ref={field}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        rows={2}
        dir="auto"
        aria-label={conversation.yourMessage}
        aria-invalid={length?.over === true}
        className="field-sizing-content max-h-[40dvh] resize-none bg-transparent px-1 leading-7 outline-none"
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p aria-live="polite" className="me-auto text-ink-soft text-xs">
          {length?.text ?? conversation.before}
        </p>
        <Button look="plain" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button look="primary" type="submit" disabled={!isSendable(text)}>
          {conversation.sendAgain}
        </Button>
      </div>
    </form>
  );
}
