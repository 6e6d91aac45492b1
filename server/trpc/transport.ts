import type { CombinedDataTransformer } from "@trpc/server";
import superjson from "superjson";

// The agreement between both ends of the wire, used by the server and by the page's client.

/**
 * Answers are superjson, so that a `Date` arrives as one. Input is plain JSON, because superjson's input says how to
 * revive each value, and the server must not follow a client's instructions.
 */
export const transformer: CombinedDataTransformer = {
  input: { serialize: (input) => input, deserialize: (input) => input },
  output: superjson,
};

/** The most calls in one request, for the client and for the server. */
export const MAX_BATCH_SIZE = 10;
