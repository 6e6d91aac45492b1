/**
 * Why a store operation failed: no connection; no answer in time; an answer that is not Redis's; an error answer; the
 * breaker is open. The original error is not kept, because its message contains the command and with it a person's
 * data.
 */
export type StoreErrorCode = "refused" | "timeout" | "protocol" | "error-reply" | "open" | "unknown";

/** A store operation that failed, or whose outcome is not known. */
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

/** The code of an error; `unknown` for any error that is not a `StoreError`. */
export function storeErrorCode(error: unknown): StoreErrorCode {
  return error instanceof StoreError ? error.code : "unknown";
}

/** An application on a cluster of Redis uses a tag in another slot than its entry. */
export class TagSlotError extends TypeError {
  override name = "TagSlotError";

  constructor(key: string, tag: string) {
    super(
      `In a cluster of Redis an entry and its tags have to lie in one slot: give "${key}" and "${tag}" the same part in braces, as in "tasks:{7}" and "project:{7}"`,
    );
  }
}
