import type { ModelServer } from "./anthropic-server";

/** Holds the model's next reply before its last word until the test releases it. */
export function heldReply(model: ModelServer, words: readonly string[]): { goOn(): void } {
  const released = Promise.withResolvers<void>();
  model.answers.push({
    kind: "reply",
    words,
    holds: (index) => (index === words.length - 1 ? released.promise : undefined),
  });
  return { goOn: () => released.resolve() };
}
