const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** The time of day, in the reader's zone. Only ever rendered in the browser. */
export function EntryTime({ at }: { at: string }) {
  return (
    <time dateTime={at} className="text-ink-soft text-xs tabular-nums">
      {CLOCK.format(new Date(at))}
    </time>
  );
}
