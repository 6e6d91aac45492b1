"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useEffect } from "react";
import { DemoNote } from "@/components/account/demo-note";
import { RemovedAccount } from "@/components/account/removed-account";
import { AccountLanguage } from "@/components/appearance/account-language";
import { tellTimeZone } from "@/components/appearance/time-zone";
import { UnsentElsewhere } from "@/components/conversation/sending/unsent-elsewhere";
import { PageStateProvider } from "@/components/conversation/state/page-state";
import { RemovalsProvider } from "@/components/lists/removals";
import { MainNav } from "@/components/navigation/main-nav";
import { useOfflinePages } from "@/components/offline/service-worker";
import { SessionsPanel } from "@/components/sessions/deferred-panel";
import { SessionListSkeleton } from "@/components/sessions/session-list-skeleton";
import { SignedInAs } from "@/components/sign-in/signed-in-as";
import { AfterHydration } from "@/components/ui/hydration";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { Toasts } from "@/components/ui/toasts";
import { useWide } from "@/components/ui/use-media-query";
import { useWords } from "@/components/words/words";
import { isDemoCopy } from "@/server/auth/demo-copy";
import type { Voice } from "@/server/conversation/voice";
import { NewBuild } from "./new-build";

interface ClarifyShellProps {
  userId: string;
  email: string;
  voice: Voice["kind"];
  children: ReactNode;
}

/** The frame of every Clarify page: the person's data, and their conversations beside the page. */
export function ClarifyShell({ userId, email, voice, children }: ClarifyShellProps) {
  const { app } = useWords();
  const demo = isDemoCopy(email);
  useOfflinePages();
  useEffect(tellTimeZone, []);
  return (
    <PageStateProvider userId={userId} voice={voice}>
      <Toasts>
        <RemovalsProvider>
          <AfterHydration fallback={null}>
            <NewBuild />
            <SignedInAs email={email} />
            <RemovedAccount notice={demo ? "demoEnded" : "removed"} />
            <UnsentElsewhere />
            <AccountLanguage />
          </AfterHydration>
          <div className="print-flow flex h-dvh flex-col overflow-hidden">
            <a
              href="#page"
              className="sr-only z-50 print:hidden rounded-xl bg-ink px-4 py-2.5 text-paper focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
            >
              {app.skip}
            </a>
            {demo && (
              <AfterHydration fallback={null}>
                <DemoNote />
              </AfterHydration>
            )}
            <div className="print-flow flex min-h-0 flex-1">
              <aside
                aria-label={app.conversations}
                className="hidden w-72 shrink-0 flex-col border-line border-e lg:flex print:hidden"
              >
                <Link
                  href="/clarify"
                  className="flex h-14 shrink-0 items-center gap-2.5 px-5 font-serif text-lg tracking-tight"
                >
                  <MirrorMark className="size-6 text-water" />
                  Clarify
                </Link>
                <MainNav />
                <AfterHydration fallback={<SessionListSkeleton />}>
                  <PanelWhereWide />
                </AfterHydration>
              </aside>
              <main id="page" tabIndex={-1} className="print-flow flex min-w-0 flex-1 outline-none">
                {children}
              </main>
            </div>
          </div>
        </RemovalsProvider>
      </Toasts>
    </PageStateProvider>
  );
}

/** A narrow page shows the panel as a page or sheet of its own. There must not be two of them. */
function PanelWhereWide() {
  return useWide() ? <SessionsPanel /> : null;
}
