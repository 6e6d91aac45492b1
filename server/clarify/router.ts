import { createContextRouter } from "@/server/context/router";
import type { TokenCounter } from "@/server/tokens/token-counter";
import { signedInProcedure } from "@/server/trpc/init";
import { instrument } from "./instrument";
import { CONTEXT_BUDGET_TOKENS, sections } from "./sections";

declare module "@/server/trpc/context" {
  interface Services {
    tokens: TokenCounter;
  }
}

const section = (name: string, holds: string) => ({
  description: `The section "${name}" as the cache keeps it: ${holds}.`,
});

/** The context of a signed-in person: its router, and `build` for whoever answers their messages. */
export const clarifyContext = createContextRouter({
  procedure: signedInProcedure,
  sections,
  budget: CONTEXT_BUDGET_TOKENS,
  countTokens: (text, { services }) => services.tokens.countLine(text),
  instrument,
  meta: {
    user: section("user", "name, tier and totals"),
    dreams: section("dreams", "the active dreams"),
    patterns: section("patterns", "the strongest patterns"),
    sessions: section("sessions", "the latest conversations"),
    reflections: section("reflections", "the latest reflections"),
    get: { description: "The whole context: five parallel reads, assembled. Touches no database when warm." },
    invalidate: { description: "Forgets the given sections, or all five; the next read loads them again." },
  },
});
