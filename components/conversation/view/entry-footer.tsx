import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";
import { ON_SERVER } from "@/components/ui/on-server";
import { useSpeech } from "@/components/words/words";

interface EntryFooterProps {
  at: string;
  /** Actions. They appear, with the time, when the entry is hovered or focused. */
  children: ReactNode;
  /** Always visible. */
  marks?: ReactNode;
  end?: boolean;
}

/** The line below an entry. It always takes its space, so that nothing moves when it appears. The server leaves out what needs scripts. */
export function EntryFooter({ at, children, marks, end = false }: EntryFooterProps) {
  return (
    <div
      className={classNames(
        "mt-0.5 flex min-h-10 pointer-coarse:min-h-11 flex-wrap items-center gap-x-2",
        end && "justify-end",
      )}
    >
      {marks}
      <div
        className={classNames(
          "flex items-center gap-1 transition-opacity duration-150",
          "print:opacity-100! pointer-fine:opacity-0 group-focus-within/entry:opacity-100 group-hover/entry:opacity-100",
        )}
      >
        {!ON_SERVER && (
          <>
            {children}
            <EntryTime at={at} />
          </>
        )}
      </div>
    </div>
  );
}

/** The time of day in the reader's zone. */
function EntryTime({ at }: { at: string }) {
  const { locale } = useSpeech();
  return (
    <time dateTime={at} className="text-ink-soft text-xs tabular-nums">
      {clockOf(locale).format(new Date(at))}
    </time>
  );
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Kept, because creating one costs as much as a hundred uses. */
function clockOf(locale: string): Intl.DateTimeFormat {
  const known = clocks.get(locale) ?? new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  clocks.set(locale, known);
  return known;
}
