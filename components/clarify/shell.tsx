"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { SignOutContext } from "@/components/account/use-sign-out";
import { PageStateProvider } from "@/components/conversation/state/page-state";
import { RemovalsProvider } from "@/components/lists/removals";
import { MainNav } from "@/components/navigation/main-nav";
import { SessionListSkeleton } from "@/components/sessions/session-list";
import { SessionsPanel } from "@/components/sessions/sessions-panel";
import { AfterHydration } from "@/components/ui/hydration";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { Toasts } from "@/components/ui/toasts";
import { useWide } from "@/components/ui/use-media-query";
import type { Voice } from "@/server/conversation/voice";

interface ClarifyShellProps {
  voice: Voice["kind"];
  signOut: () => Promise<void>;
  children: ReactNode;
}

/** What is around every Clarify page: the person's data, and their conversations beside it. */
export function ClarifyShell({ voice, signOut, children }: ClarifyShellProps) {
  return (
    <PageStateProvider voice={voice}>
      <SignOutContext value={signOut}>
        <Toasts>
          <RemovalsProvider>
            <div className="flex h-dvh overflow-hidden">
              <aside
                aria-label="Your conversations"
                className="hidden w-72 shrink-0 flex-col border-line border-e lg:flex"
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
              <main className="flex min-w-0 flex-1">{children}</main>
            </div>
          </RemovalsProvider>
        </Toasts>
      </SignOutContext>
    </PageStateProvider>
  );
}

/** Where the page is narrow, the panel is a page or a sheet of its own; there must not be two. */
function PanelWhereWide() {
  return useWide() ? <SessionsPanel /> : null;
}
