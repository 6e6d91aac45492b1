import { createContextRouter } from "@/server/context/router";
import type { TokenCounter } from "@/server/tokens/token-counter";
import { signedInProcedure } from "@/server/trpc/init";
import { instrument } from "./instrument";
import { sections } from "./sections";

declare module "@/server/trpc/context" {
  interface Services {
    tokens: TokenCounter;
    /** The most tokens that the context takes in the prompt. */
    contextTokens: number;
  }
}

const section = (name: string, holds: string) => ({
  description: `The section "${name}" as the cache keeps it: ${holds}.`,
});

/** The context of a signed-in person: its router, and `build` for code that answers their messages. */
export const clarifyContext = createContextRouter({
  procedure: signedInProcedure,
  sections,
  budget: ({ services }) => services.contextTokens,
  countTokens: (text, { services }) => services.tokens.countLine(text),
  instrument,
  meta: {
    user: section("user", "name, tier and totals"),
    dreams: section("dreams", "the active dreams"),
    patterns: section("patterns", "the strongest patterns"),
    sessions: section("sessions", "the latest conversations"),
    reflections: section("reflections", "the latest reflections"),
    get: {
      description: "The whole context: five parallel reads, assembled. Sends nothing to the database when it is warm.",
    },
    invalidate: { description: "Invalidates the given sections, or all five. The next read loads them again." },
  },
});
