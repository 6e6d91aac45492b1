import "server-only";
import { HOME } from "@/components/sign-in/return-path";
import { waitAtMost } from "@/server/clock";
import { getDeps } from "@/server/deps";
import { createCaller } from "@/server/router";
import { currentRequestContext } from "./page-context";

/** The longest that signing in waits for the context, in milliseconds. Its build goes on after that. */
const DEADLINE_MS = 150;

/**
 * Builds the context of somebody who has just signed in, if their first page is about conversations, and before that page:
 * beside its queries and its rendering, the build takes about twice as long.
 */
export async function warmContext(firstPage: string): Promise<void> {
  if (!firstPage.startsWith(HOME)) return;
  const { background, clock } = getDeps();
  const built = build();
  background.run("warm the context", () => built);
  await waitAtMost(DEADLINE_MS, built, clock);
}

async function build(): Promise<void> {
  await createCaller(await currentRequestContext()).clarifyContext.get({ sessionId: null });
}
