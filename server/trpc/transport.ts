import type { CombinedDataTransformer } from "@trpc/server";
import superjson from "superjson";

// What both ends of the wire agree on: read by the server and by the page's client.

/**
 * Answers are superjson, so that a `Date` arrives as one. Input is plain JSON:
 * superjson's own form says how to revive each value, and a client's instructions are not to be followed.
 */
export const transformer: CombinedDataTransformer = {
  input: { serialize: (input) => input, deserialize: (input) => input },
  output: superjson,
};

/** Calls of one request: the client sends no more, and the server takes no more. */
export const MAX_BATCH_SIZE = 10;
