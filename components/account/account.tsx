"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useId } from "react";
import { ABOUT } from "@/components/about/paths";
import { Choices } from "@/components/appearance/choices";
import { PageColumn } from "@/components/navigation/page-column";
import { Reminder } from "@/components/reminder/reminder";
import { NEW_PASSWORD } from "@/components/sign-in/return-path";
import { LoadFailure } from "@/components/trpc/load-failure";
import { useAccount } from "@/components/trpc/queries";
import { AfterHydration } from "@/components/ui/hydration";
import { LINK } from "@/components/ui/link";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useSpeech, useWords } from "@/components/words/words";
import { BinList } from "./bin-list";
import { ExportButtons } from "./export-buttons";
import { Forget } from "./forget";
import { NameForm } from "./name-form";
import { PatternList } from "./pattern-list";
import { RemoveAccount } from "./remove-account";
import { TokensToday } from "./tokens-today";

/** The account page: the person's name, their patterns, and what they can do with their data. */
export function Account() {
  const { account } = useWords();
  return (
    <PageColumn title={account.title} purpose={account.purpose}>
      <AfterHydration fallback={<Loading />}>
        <Sections />
      </AfterHydration>
    </PageColumn>
  );
}

function Loading() {
  const { account } = useWords();
  return (
    <div className="mt-8">
      <CardsSkeleton label={account.loading} />
    </div>
  );
}

function Sections() {
  const {
    account: words,
    app: { about },
    reminder,
  } = useWords();
  const { plural } = useSpeech();
  const account = useAccount();
  if (account.data === undefined) {
    if (account.isPending) return <Loading />;
    return <LoadFailure query={account} className="mt-8" />;
  }
  const { name, email, isDemo, demoEndsAt, retentionDays } = account.data;
  return (
    <div className="mt-10 flex flex-col gap-12">
      <Section title={words.yourName}>
        <NameForm name={name} />
        {!isDemo && (
          <p className="mt-3">
            <Link href={NEW_PASSWORD} prefetch={false} className={LINK}>
              {words.newPassword}
            </Link>
          </p>
        )}
      </Section>
      <Section title={words.looks}>
        <Choices />
      </Section>
      <Section title={reminder.heading}>
        <p className="mb-4 text-ink-soft leading-7">{reminder.about}</p>
        <Reminder />
      </Section>
      <Section title={words.noticed}>
        <p className="mb-2 text-ink-soft leading-7">{words.noticedText}</p>
        <PatternList />
      </Section>
      <Section title={words.bin} id="bin">
        <p className="mb-2 text-ink-soft leading-7">{words.binText}</p>
        <BinList />
      </Section>
      <Section title={words.forget}>
        <p className="mb-4 text-ink-soft leading-7">{words.forgetText}</p>
        <Forget />
      </Section>
      <Section title={words.today}>
        <TokensToday />
      </Section>
      <Section title={words.copy}>
        <ExportButtons
          name={name}
          about={[words.copyText, retentionDays !== null && plural(words.retention, retentionDays)]
            .filter(Boolean)
            .join(" ")}
        />
      </Section>
      <p>
        <Link href={ABOUT} prefetch={false} className={LINK}>
          {about}
        </Link>
      </p>
      <Section title={words.leave}>
        {isDemo ? (
          <p className="text-ink-soft leading-7">{demoEndsAt === null ? words.demoStays : words.demoEnds}</p>
        ) : (
          <RemoveAccount email={email} />
        )}
      </Section>
    </div>
  );
}

function Section({ title, id, children }: { title: string; id?: string; children: ReactNode }) {
  const titleId = useId();
  return (
    <section id={id} aria-labelledby={titleId}>
      <h2 id={titleId} className="mb-4 text-xl">
        {title}
      </h2>
      {children}
    </section>
  );
}
