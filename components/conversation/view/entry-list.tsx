import { memo } from "react";
import { relativeDayWords } from "@/components/ui/days";
import { useTimeZone } from "@/components/ui/time-zone";
import { useNow } from "@/components/ui/use-now";
import { useSpeech } from "@/components/words/words";
import type { Pair } from "@/server/conversation/conversation-store";
import type { Message } from "@/server/conversation/events";
import type { Entry } from "../entries/entries";
import { groupByDay } from "../entries/entries";
import { Reply } from "./reply";
import { Said, Trouble } from "./sent-message";

interface SentMessage {
  id: string;
  content: string;
}

/** What the person can do with entries and failures. */
export interface EntryActions {
  resend(message: SentMessage): void;
  /** Moves an unsent message back into the composer. */
  edit(message: SentMessage): void;
  resume(beginning: Message): void;
  /** Answers the last message again. */
  regenerate(pair: Pair): void;
  /** Rewords the last message; resolves with whether it was answered. */
  askOtherwise(pair: Pair, content: string): Promise<boolean>;
  /** Chooses another answer to the last message, by its number. */
  choose(pair: Pair, variant: number): void;
}

interface EntryListProps {
  sessionId: string;
  entries: readonly Entry[];
  /** Null while a reply is under way. */
  actions: EntryActions | null;
}

/** The entries of a conversation, by day. */
export function EntryList({ sessionId, entries, actions }: EntryListProps) {
  const now = useNow(60_000);
  const days = groupByDay(entries, useTimeZone());
  return days.map(({ day, entries: dayEntries }, index) => (
    <DaySection
      key={day}
      sessionId={sessionId}
      day={day}
      now={now}
      entries={dayEntries}
      newest={index === days.length - 1}
      actions={actions}
    />
  ));
}

interface DaySectionProps {
  sessionId: string;
  /** As in `2026-11-23`. */
  day: string;
  /** Milliseconds since the epoch. */
  now: number;
  entries: readonly Entry[];
  /** Whether the conversation ends on this day. */
  newest: boolean;
  actions: EntryActions | null;
}

/** Memoised, because a growing reply renders its own day many times a second. */
const DaySection = memo(function DaySection({ sessionId, day, now, entries, newest, actions }: DaySectionProps) {
  const speech = useSpeech();
  const timeZone = useTimeZone();
  return (
    <section aria-labelledby={`day-${day}`} className="entries">
      <h2
        id={`day-${day}`}
        className="my-2 flex items-center gap-4 font-sans text-ink-soft text-xs tracking-wide before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
      >
        {relativeDayWords(day, new Date(now), speech, timeZone)}
      </h2>
      {entries.map((entry) => (
        <EntryView
          key={entry.key}
          sessionId={sessionId}
          entry={entry}
          last={newest && entry === entries.at(-1)}
          actions={actions}
        />
      ))}
    </section>
  );
}, isSameDay);

function isSameDay({ entries: before, ...one }: DaySectionProps, { entries: after, ...other }: DaySectionProps) {
  const sameFrame =
    one.sessionId === other.sessionId &&
    one.day === other.day &&
    one.now === other.now &&
    one.newest === other.newest &&
    one.actions === other.actions;
  return sameFrame && before.length === after.length && before.every((entry, index) => entry === after[index]);
}

interface EntryViewProps {
  sessionId: string;
  entry: Entry;
  last: boolean;
  actions: EntryActions | null;
}

function EntryView({ sessionId, entry, last, actions }: EntryViewProps) {
  switch (entry.kind) {
    case "said":
      return <Said sessionId={sessionId} entry={entry} onEdit={actions?.askOtherwise ?? null} />;
    case "reply":
      return <Reply sessionId={sessionId} entry={entry} actions={last ? actions : null} />;
    case "trouble":
      return <Trouble entry={entry} actions={actions} />;
  }
}
