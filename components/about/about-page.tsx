import Link from "next/link";
import type { ReactNode } from "react";
import { LINK } from "@/components/ui/link";
import { MirrorMark } from "@/components/ui/mirror-mark";
import type { Speech } from "@/components/words/speech";
import type { CrisisLine } from "@/server/safety/crisis-lines";
import { LINE_DIRECTORY } from "@/server/safety/crisis-lines";
import type { AboutWords } from "./about-words";

/** What is true of this installation. */
export interface AboutFacts {
  /** The model that answers, and who runs it; null if the built-in voice answers. */
  model: { name: string; provider: string } | null;
  /** Whether the database is on the same machine as the app. */
  embedded: boolean;
  /** Whether patterns are looked for. */
  learns: boolean;
  retentionDays: number | null;
  demo: boolean;
}

interface AboutPageProps {
  facts: AboutFacts;
  /** The likely country's first. */
  lines: readonly CrisisLine[];
  words: AboutWords;
  speech: Pick<Speech, "fill" | "plural" | "locale">;
}

/** What answers, where words go, who can read them, what is learned, and where to find help. */
export function AboutPage({ facts, lines, words, speech }: AboutPageProps) {
  const { answers, words: kept, readers, learned, leaving } = words;
  const { model, embedded, learns, retentionDays, demo } = facts;
  const { fill, plural } = speech;
  const provider = model?.provider ?? "";
  return (
    <main className="mx-auto w-full max-w-2xl px-6 py-12 leading-7">
      <MirrorMark className="mb-6 size-12 text-water" />
      <h1 className="text-3xl leading-tight">{words.page}</h1>
      <p className="mt-2 mb-10 font-serif text-ink-soft text-lg leading-8">{words.purpose}</p>
      <div className="flex flex-col gap-10">
        <Section id="answers" title={answers.title}>
          <p>{answers.program}</p>
          <p data-testid="who-answers">
            {model === null ? answers.offline : fill(answers.model, { model: model.name, provider })}
          </p>
        </Section>
        <Section id="words" title={kept.title}>
          <p>{embedded ? kept.here : kept.hosted}</p>
          <p>{model === null ? kept.offline : fill(kept.model, { provider })}</p>
          <p>{kept.copies}</p>
        </Section>
        <Section id="readers" title={readers.title}>
          <p>{readers.others}</p>
          <p>{readers.operator}</p>
          {model !== null && <p>{fill(readers.provider, { provider })}</p>}
          {demo && <p>{readers.demo}</p>}
        </Section>
        <Section id="learned" title={learned.title}>
          <p>{learns ? learned.yes : learned.no}</p>
          <p>{learned.offRecord}</p>
        </Section>
        <Section id="leaving" title={leaving.title}>
          <p>
            {leaving.text} {retentionDays !== null && plural(leaving.retention, retentionDays)}
          </p>
        </Section>
        <Help lines={lines} words={words.help} speech={speech} />
      </div>
      <p className="mt-12">
        <Link href="/" prefetch={false} className={LINK}>
          {words.back}
        </Link>
      </p>
    </main>
  );
}

interface HelpProps extends Pick<AboutPageProps, "lines"> {
  words: AboutWords["help"];
  speech: AboutPageProps["speech"];
}

function Help({ lines, words, speech: { fill, locale } }: HelpProps) {
  const countries = new Intl.DisplayNames([locale], { type: "region" });
  return (
    <Section id="help" title={words.title}>
      <p>{words.now}</p>
      <ul className="divide-y divide-line rounded-xl border border-line bg-sheet">
        {lines.map(({ country, name, number, emergency }) => (
          <li
            key={country}
            data-testid="crisis-line"
            data-country={country}
            className="flex flex-wrap justify-between gap-x-4 px-4 py-2.5"
          >
            <span>
              {countries.of(country)} · <bdi>{name}</bdi>
            </span>
            <span>
              <a href={`tel:${number.replaceAll(" ", "")}`} dir="ltr" className={LINK}>
                {number}
              </a>{" "}
              <span className="text-ink-soft text-sm">({fill(words.emergency, { number: emergency })})</span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        {words.change}{" "}
        <a href={LINE_DIRECTORY} rel="noopener noreferrer" className={LINK}>
          {words.directory}
        </a>
        .
      </p>
    </Section>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="scroll-mt-6">
      <h2 id={`${id}-title`} className="mb-3 text-xl">
        {title}
      </h2>
      <div className="flex flex-col gap-3">{children}</div>
    </section>
  );
}
