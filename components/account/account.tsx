"use client";

import type { ReactNode } from "react";
import { useId } from "react";
import { PageColumn } from "@/components/navigation/page-column";
import { LoadFailure } from "@/components/trpc/load-failure";
import { useAccount } from "@/components/trpc/queries";
import { AfterHydration } from "@/components/ui/hydration";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { ExportButton } from "./export-button";
import { NameForm } from "./name-form";
import { PatternList } from "./pattern-list";
import { RemoveAccount } from "./remove-account";
import { TokensToday } from "./tokens-today";

/** Who the person is here, what was noticed about them, and what they may do with all of it. */
export function Account() {
  return (
    <PageColumn
      title="You and your data"
      purpose="What the mirror knows of you is yours: to read, to take along, to remove."
    >
      <AfterHydration fallback={<Loading />}>
        <Sections />
      </AfterHydration>
    </PageColumn>
  );
}

function Loading() {
  return (
    <div className="mt-8">
      <CardsSkeleton label="Loading your account…" />
    </div>
  );
}

function Sections() {
  const account = useAccount();
  if (account.data === undefined) {
    if (account.isPending) return <Loading />;
    return <LoadFailure query={account} className="mt-8" />;
  }
  const { name, email, isDemo } = account.data;
  return (
    <div className="mt-10 flex flex-col gap-12">
      <Section title="Your name">
        <NameForm name={name} />
      </Section>
      <Section title="What the mirror noticed">
        <p className="mb-2 text-ink-soft leading-7">
          It takes these into account when it answers. Remove what is not so, or what you would rather keep to yourself.
        </p>
        <PatternList />
      </Section>
      <Section title="Today">
        <TokensToday />
      </Section>
      <Section title="A copy for yourself">
        <p className="mb-4 text-ink-soft leading-7">One file with every word that is stored of you.</p>
        <ExportButton />
      </Section>
      <Section title="Leave for good">
        {isDemo ? (
          <p className="text-ink-soft leading-7">
            This is the demo account. It is everybody's, so nobody can remove it.
          </p>
        ) : (
          <RemoveAccount email={email} />
        )}
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-4 text-xl">
        {title}
      </h2>
      {children}
    </section>
  );
}
