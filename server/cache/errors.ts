/**
 * Why a store operation failed: no connection; no answer in time; an answer that is not Redis's; an error answer;
 * the breaker is open. Nothing else of the original error is kept: its message carries the command, and with it a
 * person's data.
 */
export type StoreErrorCode = "refused" | "timeout" | "protocol" | "error-reply" | "open" | "unknown";

/** A store operation that did not happen, or that nobody knows the outcome of. */
export class StoreError extends Error {
  override name = "StoreError";

  constructor(readonly code: StoreErrorCode) {
    super(`The cache store failed: ${code}`);
  }
}

/** A load that took longer than its policy's `loadHardTimeoutMs`. */
export class LoadTimeoutError extends Error {
  override name = "LoadTimeoutError";

  constructor(readonly timeoutMs: number) {
    super(`Loading took longer than ${timeoutMs} ms`);
  }
}

/** The reason of a write's aborted signal: its fence is about to end. */
export class WriteTimeoutError extends Error {
  override name = "WriteTimeoutError";

  constructor() {
    super("The write took longer than its fence allows");
  }
}

/** The code of any error; what is not a `StoreError` is `unknown`. */
export function storeErrorCode(error: unknown): StoreErrorCode {
  return error instanceof StoreError ? error.code : "unknown";
}

/** A mistake in an application on a cluster of Redis. */
export class TagSlotError extends TypeError {
  override name = "TagSlotError";

  constructor(key: string, tag: string) {
    super(
      `In a cluster of Redis an entry and its tags have to lie in one slot: give "${key}" and "${tag}" the same part in braces, as in "tasks:{7}" and "project:{7}"`,
    );
  }
}
