import { MessageCircle, X } from "lucide-react";
import type { ReactNode } from "react";
import { useId, useRef, useState } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { useRemovedIds } from "@/components/lists/removals";
import { useOpenConversation } from "@/components/sessions/use-open-conversation";
import { trpc } from "@/components/trpc/trpc";
import { IconButton } from "@/components/ui/button";
import { dayOfMoment } from "@/components/ui/days";
import { writtenText } from "@/components/words/text-language";
import { useSpeech } from "@/components/words/words";
import type { LookBack as Read } from "@/server/look-back/router";
import type { PastMonth } from "./month";
import { isEmpty, pastMonth } from "./month";

/** The look back on the last month, until the person puts it away. Renders in the browser only. */
export function LookBack() {
  const { dismissals } = usePageState();
  const [month] = useState(() => pastMonth(new Date()));
  const key = `look-back:${month.key}`;
  const [shown, setShown] = useState(() => !dismissals.has(key));
  const { data } = trpc.lookBack.read.useQuery({ from: month.from, until: month.until }, { enabled: shown });
  const place = useRef<HTMLDivElement>(null);
  const removed = useRemovedIds();

  function putAway() {
    dismissals.add(key);
    setShown(false);
    place.current?.focus();
  }

  const read = data && withoutRemoved(data, removed);
  return (
    <div ref={place} tabIndex={-1} className="outline-none empty:hidden">
      {shown && read !== undefined && !isEmpty(read) && <Month month={month} read={read} onPutAway={putAway} />}
    </div>
  );
}

function withoutRemoved(read: Read, removed: ReadonlySet<string>): Read {
  const isThere = ({ id }: { id: string }) => !removed.has(id);
  const { cameBack, dreams, quiet, tones } = read;
  return { tones, cameBack: cameBack.filter(isThere), dreams: dreams.filter(isThere), quiet: quiet.filter(isThere) };
}

function Month({ month, read, onPutAway }: { month: PastMonth; read: Read; onPutAway: () => void }) {
  const speech = useSpeech();
  const { words, fill, locale } = speech;
  const { lookBack, account, dreams } = words;
  const titleId = useId();
  const open = useOpenConversation();
  const name = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(new Date(`${month.key}-15`));
  const { now, before } = read.tones;
  const list = new Intl.ListFormat(locale, { type: "conjunction" });

  return (
    <section
      aria-labelledby={titleId}
      data-testid="look-back"
      className="relative animate-settle rounded-2xl border border-line bg-sheet px-5 pt-5 pb-6"
    >
      <IconButton label={lookBack.putAway} onClick={onPutAway} className="absolute end-1.5 top-1.5 size-11">
        <X aria-hidden />
      </IconButton>
      <h2 id={titleId} className="pe-10 text-xl">
        {fill(lookBack.title, { month: name })}
      </h2>
      {read.cameBack.length > 0 && (
        <Part title={lookBack.cameBack}>
          {read.cameBack.map(({ id, content, type, knownSince }) => (
            <li key={id}>
              <Written text={content} />
              <Small>
                {account.kinds[type]} · {fill(lookBack.knownSince, { day: dayOfMoment(knownSince, speech) })}
              </Small>
            </li>
          ))}
        </Part>
      )}
      {(read.dreams.length > 0 || now.length > 0) && (
        <Part title={lookBack.shifted}>
          {read.dreams.map(({ id, title, change, at }) => (
            <li key={id + change}>
              <Written text={title} />
              <Small>{fill(lookBack.changes[change], { day: dayOfMoment(at, speech) })}</Small>
            </li>
          ))}
          {now.length > 0 && (
            <li className="leading-7">
              {fill(lookBack.days, { tones: list.format(now.map(isolated)) })}{" "}
              {before.length > 0 && fill(lookBack.daysBefore, { tones: list.format(before.map(isolated)) })}
            </li>
          )}
        </Part>
      )}
      {read.quiet.length > 0 && (
        <Part title={lookBack.quiet}>
          {read.quiet.map(({ id, title, since }) => (
            <li key={id} className="flex items-center gap-x-3">
              <div className="min-w-0 flex-1">
                <Written text={title} />
                <Small>{fill(lookBack.quietSince, { day: dayOfMoment(since, speech) })}</Small>
              </div>
              <IconButton
                label={fill(dreams.talkAboutIt, { title })}
                title={words.common.talkAbout}
                onClick={() => open(fill(dreams.talkWords, { title }))}
                className="size-11"
              >
                <MessageCircle aria-hidden />
              </IconButton>
            </li>
          ))}
        </Part>
      )}
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h3 className="mt-5 font-medium font-sans text-ink-soft text-sm">{title}</h3>
      <ul className="mt-2 flex flex-col gap-3">{children}</ul>
    </>
  );
}

function Written({ text }: { text: string }) {
  return (
    <p {...writtenText(text)} className="text-page-start font-serif text-lg leading-7 [overflow-wrap:anywhere]">
      {text}
    </p>
  );
}

function Small({ children }: { children: ReactNode }) {
  return <p className="text-ink-soft text-sm leading-6">{children}</p>;
}

/** A person's word keeps its own direction within a sentence. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
