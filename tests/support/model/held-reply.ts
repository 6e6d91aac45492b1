import type { ModelServer } from "./anthropic-server";

/** The model's next reply: says all of these words but the last, and that when it is let go on. */
export function heldReply(model: ModelServer, words: readonly string[]): { goOn(): void } {
  const released = Promise.withResolvers<void>();
  model.answers.push({
    kind: "reply",
    words,
    holds: (index) => (index === words.length - 1 ? released.promise : undefined),
  });
  return { goOn: () => released.resolve() };
}
