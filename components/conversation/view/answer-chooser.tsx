import { ChevronLeft, ChevronRight } from "lucide-react";
import type { KeyboardEvent } from "react";
import { IconButton } from "@/components/ui/button";
import { LANGUAGE_FACTS } from "@/components/words/language";
import { useSpeech } from "@/components/words/words";
import type { Message } from "@/server/conversation/events";

interface AnswerChooserProps {
  /** The number of the shown answer, and how many there are. */
  variant: Message["variant"];
  onChoose: (number: number) => void;
}

/** "1 of 2", with buttons for the others; the arrow keys work on both buttons. Renders nothing for a single answer. */
export function AnswerChooser({ variant, onChoose }: AnswerChooserProps) {
  const { words, fill, language } = useSpeech();
  const { conversation } = words;
  if (variant === null || variant.of === 1) return null;
  const { number, of } = variant;

  function choose(wanted: number) {
    if (wanted >= 1 && wanted <= of) onChoose(wanted);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(number + (LANGUAGE_FACTS[language].dir === "rtl" ? -step : step));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form
    <div role="group" aria-label={conversation.answers} data-testid="answer-chooser" className="flex items-center">
      <Step
        label={conversation.answerBefore}
        at={number === 1}
        onKeyDown={onKeyDown}
        onClick={() => choose(number - 1)}
      >
        <ChevronLeft aria-hidden className="rtl:-scale-x-100" />
      </Step>
      <span className="text-ink-soft text-xs tabular-nums" aria-hidden>
        {fill(conversation.answerOf, { number, of })}
      </span>
      <span role="status" className="sr-only">
        {fill(conversation.whichAnswer, { number, of })}
      </span>
      <Step
        label={conversation.answerAfter}
        at={number === of}
        onKeyDown={onKeyDown}
        onClick={() => choose(number + 1)}
      >
        <ChevronRight aria-hidden className="rtl:-scale-x-100" />
      </Step>
    </div>
  );
}

interface StepProps {
  label: string;
  /** Whether this is the end. The button then keeps the focus, so it is only marked as disabled. */
  at: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onClick: () => void;
  children: React.ReactNode;
}

function Step({ label, at, onKeyDown, onClick, children }: StepProps) {
  return (
    <IconButton
      label={label}
      aria-disabled={at}
      className="size-8 aria-disabled:cursor-default aria-disabled:opacity-40"
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {children}
    </IconButton>
  );
}
