"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { httpBatchStreamLink, httpLink, splitLink } from "@trpc/client";
import type { ReactNode } from "react";
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { BuildWatch } from "@/components/build/build-watch";
import { createBuildWatch } from "@/components/build/build-watch";
import { MAX_BATCH_SIZE, transformer } from "@/server/trpc/transport";
import { changesLink, deadlineLink, lostStreamLink, signedOutLink } from "./links";
import { noteWrite } from "./note-write";
import { outdate } from "./query-cache";
import { createQueryClient } from "./query-client";
import type { Reachability } from "./reachability";
import { createReachability } from "./reachability";
import { browserTimers, createRetry, onHints } from "./retry";
import { fetchUnlessSilent } from "./silence";
import type { Tabs } from "./tabs";
import { createTabs } from "./tabs";
import type { TaskQueues } from "./task-queues";
import { createTaskQueues } from "./task-queues";
import { trpc } from "./trpc";

const TabsContext = createContext<Tabs | null>(null);

/** The other tabs of this person. */
export function useTabs(): Tabs {
  const tabs = useContext(TabsContext);
  if (tabs === null) throw new Error("useTabs needs <TrpcProvider> above it");
  return tabs;
}

const ReachabilityContext = createContext<Reachability | null>(null);

/** Whether the page can reach the server. */
export function useReachability(): Reachability {
  const reachability = useContext(ReachabilityContext);
  if (reachability === null) throw new Error("useReachability needs <TrpcProvider> above it");
  return reachability;
}

/** Whether the server answers, as far as is known. */
export function useReachable(): boolean {
  const { subscribe, reachable } = useReachability();
  return useSyncExternalStore(subscribe, reachable, () => true);
}

const BuildContext = createContext<BuildWatch | null>(null);

/** The build from which the server answers. */
export function useBuildWatch(): BuildWatch {
  const builds = useContext(BuildContext);
  if (builds === null) throw new Error("useBuildWatch needs <TrpcProvider> above it");
  return builds;
}

const QueuesContext = createContext<TaskQueues | null>(null);

/** The queues in which changes of one item wait for each other, wherever on the page they are made. */
export function useTaskQueues(): TaskQueues {
  const queues = useContext(QueuesContext);
  if (queues === null) throw new Error("useTaskQueues needs <TrpcProvider> above it");
  return queues;
}

/** The tRPC and query clients of one signed-in person. They are discarded when the person changes. */
export function TrpcProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [tabs] = useState(() => createTabs(userId));
  const [reachability] = useState(createReachability);
  const [builds] = useState(createBuildWatch);
  const [queues] = useState(createTaskQueues);
  const [leaving] = useState(() => ({ current: false }));
  const [client] = useState(() =>
    trpc.createClient({
      links: [
        signedOutLink(signInOnce()),
        changesLink((procedure) => {
          noteWrite();
          tabs.changed(procedure);
        }),
        deadlineLink(QUERY_TIMEOUT_MS),
        lostStreamLink,
        splitLink({
          condition: () => leaving.current,
          // A batch is sent a moment later, which is too late for a page that is being left, and an ordinary request is
          // aborted with its page.
          true: httpLink({
            url: "/api/trpc",
            transformer,
            fetch: (input, init) => fetch(input, { ...init, signal: null, keepalive: true }),
          }),
          false: httpBatchStreamLink({
            url: "/api/trpc",
            transformer,
            maxItems: MAX_BATCH_SIZE,
            async fetch(input, init) {
              const signal = init?.signal ?? null;
              return builds.watch(await reachability.watch(fetchUnlessSilent(input, { ...init, signal }), signal));
            },
          }),
        }),
      ],
    }),
  );

  useEffect(
    () =>
      tabs.open({
        onChanged: (procedure) => void outdate(queryClient, procedure, document.hidden),
        onGone: goHome,
      }),
    [tabs, queryClient],
  );

  useEffect(() => watchLeaving(leaving, queues), [leaving, queues]);
  useEffect(() => lookUntilReached(reachability, builds), [reachability, builds]);
  useEffect(
    () => onReachedAgain(reachability, () => void queryClient.invalidateQueries({ refetchType: "active" })),
    [reachability, queryClient],
  );

  return (
    <TabsContext value={tabs}>
      <ReachabilityContext value={reachability}>
        <BuildContext value={builds}>
          <QueuesContext value={queues}>
            <trpc.Provider client={client} queryClient={queryClient}>
              <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
            </trpc.Provider>
          </QueuesContext>
        </BuildContext>
      </ReachabilityContext>
    </TabsContext>
  );
}

/** Sends the changes that wait for others when the page is being left. Returns a function that stops it. */
function watchLeaving(leaving: { current: boolean }, queues: TaskQueues): () => void {
  const note = ({ type }: Event) => {
    leaving.current = type === "pagehide";
    if (leaving.current) queues.startAll();
  };
  window.addEventListener("pagehide", note);
  window.addEventListener("pageshow", note);
  return () => {
    window.removeEventListener("pagehide", note);
    window.removeEventListener("pageshow", note);
  };
}

/**
 * Checks with growing pauses whether the server can be reached, while it cannot or the browser denies it. Returns a
 * function that stops it.
 */
function lookUntilReached(reachability: Reachability, builds: BuildWatch): () => void {
  let looking = false;

  async function look() {
    if (looking) return;
    looking = true;
    try {
      const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
      builds.watch(await reachability.watch(fetch("/api/health", { cache: "no-store", signal }), null));
      retry.reached();
      // A request may still get through after the browser has noticed that it is offline.
      if (!navigator.onLine) retry.failed();
    } catch {
      retry.failed();
    } finally {
      looking = false;
    }
  }

  const retry = createRetry(browserTimers, () => void look());
  const unsubscribe = reachability.subscribe(() => {
    if (reachability.reachable()) retry.reached();
    else if (!looking) retry.failed();
  });
  const stopHints = onHints(retry.hint);
  const suspect = () => void look();
  window.addEventListener("offline", suspect);
  return () => {
    unsubscribe();
    stopHints();
    window.removeEventListener("offline", suspect);
    retry.stop();
  };
}

/**
 * How long a query may take, in milliseconds. Longer than the server waits for its database, so that the server can
 * still report an error.
 */
const QUERY_TIMEOUT_MS = 9_000;

/** Calls back when the server is reached again. Returns a function that stops it. */
function onReachedAgain(reachability: Reachability, reached: () => void): () => void {
  let before = reachability.reachable();
  return reachability.subscribe(() => {
    const now = reachability.reachable();
    if (now && !before) reached();
    before = now;
  });
}

/** How long the server may take to answer the check, in milliseconds. */
const LOOK_TIMEOUT_MS = 5_000;

const SIGN_IN_AGAIN_AFTER_MS = 5_000;

/**
 * Unloads the page, so that nothing of the person stays in memory. Signing in leads back here. Several answers may say that
 * nobody is signed in, and a second navigation would abort the first while that is on its way.
 */
function signInOnce(): () => void {
  let wentAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - wentAt < SIGN_IN_AGAIN_AFTER_MS) return;
    wentAt = performance.now();
    const here = window.location.pathname + window.location.search;
    window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
  };
}

/** As above, but to the home page, because another person may be signed in now. */
function goHome() {
  window.location.replace("/");
}
