import { useNow } from "@/components/ui/use-now";
import { dayWords, groupByDay } from "./days";
import type { Entry } from "./entries";
import { Reply } from "./reply";
import { Said } from "./said";
import { Trouble } from "./trouble";

type Resend = ((message: { id: string; content: string }) => void) | null;

/** The entries of a conversation, day by day. */
export function EntryList({ entries, onResend }: { entries: readonly Entry[]; onResend: Resend }) {
  const now = new Date(useNow(60_000));
  return groupByDay(entries).map(({ day, entries: dayEntries }) => (
    <section key={day} aria-labelledby={`day-${day}`} className="entries">
      <h2
        id={`day-${day}`}
        className="my-2 flex items-center gap-4 font-sans text-ink-soft text-xs tracking-wide before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
      >
        {dayWords(day, now)}
      </h2>
      {dayEntries.map((entry) => (
        <EntryView key={entry.key} entry={entry} onResend={onResend} />
      ))}
    </section>
  ));
}

function EntryView({ entry, onResend }: { entry: Entry; onResend: Resend }) {
  switch (entry.kind) {
    case "said":
      return <Said entry={entry} />;
    case "reply":
      return <Reply entry={entry} />;
    case "trouble":
      return <Trouble entry={entry} onResend={onResend} />;
  }
}
