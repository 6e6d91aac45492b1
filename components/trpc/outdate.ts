import type { QueryClient } from "@tanstack/react-query";

/** Which routers' answers a write outdates, by the router that it went to. The context is outdated by all of them. */
const OUTDATED: Readonly<Record<string, readonly string[]>> = {
  account: ["account"],
  dreams: ["dreams"],
  reflections: ["reflections"],
  patterns: ["patterns"],
  // Where a dream came from goes with the conversation.
  sessions: ["sessions", "dreams"],
  // A reply may keep a dream.
  messages: ["messages", "sessions", "dreams"],
};

/** They are mutations for the sake of HTTP, and change nothing that is shown. */
const CHANGING_NOTHING: ReadonlySet<string> = new Set(["messages.prewarm"]);

/**
 * Marks what a write elsewhere has made untrue. What is on the page is fetched again at once; in a hidden tab, when
 * somebody returns to it.
 */
export function outdate(queryClient: QueryClient, procedure: string, hidden: boolean): void {
  if (CHANGING_NOTHING.has(procedure)) return;
  const [router = ""] = procedure.split(".");
  const keys = [...(OUTDATED[router] ?? []).map((name) => [name]), ["clarifyContext", "get"]];
  for (const key of keys) {
    void queryClient.invalidateQueries({ queryKey: [key], refetchType: hidden ? "none" : "active" });
  }
}
