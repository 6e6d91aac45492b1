import { LifeBuoy } from "lucide-react";
import Link from "next/link";
import { HELP_LINES } from "@/components/about/paths";
import { LINK } from "@/components/ui/link";
import { ON_SERVER } from "@/components/ui/on-server";
import { useTimeZone } from "@/components/ui/time-zone";
import { useSpeech } from "@/components/words/words";
import { LINE_DIRECTORY, lineFor } from "@/server/safety/crisis-lines";

/** Beside a message that speaks of suicide or self-harm: whom to call, at the place where this browser seems to be. */
export function HelpNotice() {
  const { words, fill } = useSpeech();
  const { help } = words;
  const told = useTimeZone();
  const timeZone = told ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const line = lineFor({ timeZone, languages: ON_SERVER ? [] : navigator.languages });
  return (
    <aside
      data-testid="help-notice"
      aria-label={help.title}
      className="my-2 flex w-full gap-3 rounded-xl bg-lamp-wash px-4 py-3 text-sm leading-6"
    >
      <LifeBuoy aria-hidden className="mt-1 size-4 shrink-0 text-lamp" />
      <div>
        <p>{help.notice}</p>
        <p className="mt-1 font-medium">
          {line === undefined ? (
            <a href={LINE_DIRECTORY} target="_blank" rel="noopener noreferrer" className={LINK}>
              {help.directory}
            </a>
          ) : (
            <>
              <bdi>{line.name}</bdi>:{" "}
              <a href={`tel:${line.number.replaceAll(" ", "")}`} dir="ltr" className={LINK}>
                {line.number}
              </a>{" "}
              · {fill(help.emergency, { number: line.emergency })}
            </>
          )}
        </p>
        <Link href={HELP_LINES} prefetch={false} className={LINK}>
          {help.more}
        </Link>
      </div>
    </aside>
  );
}
