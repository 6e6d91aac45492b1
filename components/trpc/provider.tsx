"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { httpBatchStreamLink } from "@trpc/client";
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useState } from "react";
import { MAX_BATCH_SIZE, transformer } from "@/server/trpc/transport";
import { changesLink, signedOutLink } from "./links";
import { outdate } from "./query-cache";
import { createQueryClient } from "./query-client";
import type { Tabs } from "./tabs";
import { createTabs } from "./tabs";
import { trpc } from "./trpc";

const TabsContext = createContext<Tabs | null>(null);

/** The other tabs of this person. */
export function useTabs(): Tabs {
  const tabs = useContext(TabsContext);
  if (tabs === null) throw new Error("useTabs needs <TrpcProvider> above it");
  return tabs;
}

/** The tRPC and query clients of one signed-in person; they go when the person does. */
export function TrpcProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [tabs] = useState(() => createTabs(userId));
  const [client] = useState(() =>
    trpc.createClient({
      links: [
        signedOutLink(goToSignIn),
        changesLink(tabs.changed),
        httpBatchStreamLink({ url: "/api/trpc", transformer, maxItems: MAX_BATCH_SIZE }),
      ],
    }),
  );

  useEffect(
    () =>
      tabs.open({
        onChanged: (procedure) => outdate(queryClient, procedure, document.hidden),
        onGone: goHome,
      }),
    [tabs, queryClient],
  );

  return (
    <TabsContext value={tabs}>
      <trpc.Provider client={client} queryClient={queryClient}>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </trpc.Provider>
    </TabsContext>
  );
}

/** Leaves the page altogether, so that nothing of the person stays in memory; signing in leads back here. */
function goToSignIn() {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

/** As above; where to go is for whoever is signed in by now. */
function goHome() {
  window.location.replace("/");
}
