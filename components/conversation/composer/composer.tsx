"use client";

import { ArrowUp, CloudOff, Square, X } from "lucide-react";
import type { FormEvent, KeyboardEvent, RefObject } from "react";
import { useCallback, useEffect, useState } from "react";
import { ABOUT } from "@/components/about/paths";
import { newId } from "@/components/trpc/new-id";
import { useReachable } from "@/components/trpc/provider";
import { IconButton } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { useHydrated } from "@/components/ui/hydration";
import { readShortcutsOn, useShortcuts } from "@/components/ui/shortcuts";
import { useWarmWhileTyping } from "@/components/warm/use-warm";
import { useSpeech, useWords } from "@/components/words/words";
import { useLiveConversation } from "../entries/use-conversation";
import { useSendMessage } from "../sending/use-send-message";
import { useStopReply } from "../sending/use-stop-reply";
import { usePageState } from "../state/page-state";
import { useKnownSession } from "../state/use-known-session";
import { isRunning } from "../turn/turn";
import { isSendable, lengthWords, useAutoGrow, useDraft } from "./draft";
import { sendsMessage } from "./enter-key";
import { forgetSentEarly, isSentEarly } from "./send-early";
import { useStopKey } from "./stop-key";
import { useEnterSends } from "./use-enter-sends";

interface ComposerProps {
  sessionId: string;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** The form in which the person writes a message. */
export function Composer({ sessionId, field }: ComposerProps) {
  const { voice, turns } = usePageState();
  const [draft, setDraft] = useDraft(sessionId, field);
  const ready = useHydrated();
  const [enterSends] = useEnterSends();
  const send = useSendMessage(sessionId);
  const stopReply = useStopReply(sessionId);
  const warm = useWarmWhileTyping(sessionId, voice);
  const replying = useLiveConversation(sessionId).turns.some(isRunning);
  const isKnown = useKnownSession(sessionId) !== null;
  const speech = useSpeech();
  const { composer } = speech.words;
  const length = lengthWords(draft, speech);
  useAutoGrow(field, draft);

  const [hydrates] = useState(!ready);
  useEffect(() => {
    // While the page's scripts were loading, the person may have gone somewhere else in it.
    const isTaken = hydrates && document.activeElement !== document.body;
    // On a touch screen the keyboard would cover the conversation that was just opened.
    if (!isTaken && window.matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, [field, hydrates]);

  function change(text: string) {
    forgetSentEarly(field.current);
    warm();
    setDraft(text);
  }

  const sendDraft = useCallback(
    (text: string) => {
      forgetSentEarly(field.current);
      if (turns.get(sessionId).turns.some(isRunning) || !isSendable(text)) return;
      void send({ id: newId(), content: text.trim() });
      setDraft("");
    },
    [sessionId, turns, send, setDraft, field],
  );

  // Not before it is known that the conversation exists and is not archived.
  useEffect(() => {
    if (isKnown && isSentEarly(field.current)) sendDraft(field.current?.value ?? "");
  }, [isKnown, sendDraft, field]);

  function submit(event?: FormEvent) {
    event?.preventDefault();
    sendDraft(draft);
    field.current?.focus();
  }

  useStopKey(replying ? stop : null);
  useShortcuts(true, { write: () => readShortcutsOn(window.localStorage) && field.current?.focus() });

  function onKeyDown(event: KeyboardEvent) {
    if (!sendsMessage(event, enterSends)) return;
    event.preventDefault();
    submit();
  }

  function stop() {
    stopReply();
    field.current?.focus();
  }

  return (
    <form
      onSubmit={submit}
      aria-label={composer.label}
      data-testid="composer"
      data-ready={ready}
      className="group/composer mx-auto w-full max-w-2xl shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6 short:pb-1 print:hidden"
    >
      <OfflineNotice />
      <div className="flex items-end gap-1 rounded-[1.375rem] border border-edge bg-sheet p-1.5 shadow-lift short:p-0 transition-colors focus-within:border-water">
        <textarea
          ref={field}
          value={draft}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          rows={1}
          data-kept
          data-stops
          // What was sent before hydration has marked it.
          suppressHydrationWarning
          dir="auto"
          enterKeyHint={enterSends ? "send" : "enter"}
          aria-label={composer.message}
          aria-describedby={length === null ? undefined : "message-length"}
          aria-invalid={length?.over === true}
          placeholder={composer.placeholder}
          className="field-sizing-content max-h-[40dvh] short:max-h-[30dvh] min-h-10 flex-1 resize-none bg-transparent px-3 py-2 text-base leading-6 outline-none placeholder:text-ink-soft"
        />
        {replying ? (
          <IconButton
            label={composer.stop}
            onClick={stop}
            className="rounded-2xl bg-shade text-ink hover:bg-line [&_svg]:size-3.5"
          >
            <Square aria-hidden fill="currentColor" />
          </IconButton>
        ) : (
          <IconButton
            label={composer.send}
            type="submit"
            disabled={!isSendable(draft)}
            // What was typed before hydration has enabled it.
            suppressHydrationWarning
            className="rounded-2xl bg-water text-on-water hover:bg-water-deep hover:text-on-water disabled:bg-shade disabled:text-ink-soft disabled:opacity-100"
          >
            <ArrowUp aria-hidden />
          </IconButton>
        )}
      </div>
      <div className="flex min-h-6 items-start justify-between gap-4 px-3 pt-1.5 text-xs leading-5 short:min-h-0 short:pt-0">
        <WhoAnswers voice={voice} />
        <div aria-live="polite" className="shrink-0 text-ink-soft">
          <p className="hidden group-has-[[data-sent-early]]/composer:block">{composer.waiting}</p>
          <p id="message-length" className={classNames("tabular-nums", length?.over && "font-medium text-ember")}>
            {length?.text}
          </p>
        </div>
      </div>
    </form>
  );
}

/** A note that there is no connection, and what happens to a message that is written meanwhile. */
function OfflineNotice() {
  const reachable = useReachable();
  const { composer, common } = useWords();
  const [dismissed, setDismissed] = useState(false);
  // The next time is worth saying again.
  if (reachable && dismissed) setDismissed(false);
  return (
    <div role="status" className="empty:hidden" data-testid="offline-notice">
      {!reachable && !dismissed && (
        <p className="mb-2 flex items-center gap-2 rounded-xl bg-lamp-wash ps-4 text-lamp text-sm leading-6 short:mb-0">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          <span className="flex-1 py-2 short:py-0">{composer.unreachable}</span>
          <IconButton label={common.close} className="text-lamp" onClick={() => setDismissed(true)}>
            <X aria-hidden />
          </IconButton>
        </p>
      )}
    </div>
  );
}

/** What answers, and where to read more of it. In a new tab, because there may be a draft here. */
function WhoAnswers({ voice }: { voice: "model" | "offline" }) {
  const { composer } = useWords();
  return (
    <p
      className={classNames("short:hidden", voice === "offline" ? "text-lamp" : "text-ink-soft")}
      data-testid="who-answers"
    >
      {composer.answers[voice]}{" "}
      <a href={ABOUT} target="_blank" className="underline underline-offset-2" rel="noopener">
        {composer.about}
      </a>
    </p>
  );
}
