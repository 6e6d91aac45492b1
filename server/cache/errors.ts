/** Why a store operation failed. Nothing else of the original error is kept: its message carries the command, and with it a person's data. */
export type StoreErrorCode = "refused" | "timeout" | "protocol" | "command" | "open" | "unknown" | `http_${number}`;

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

/** The code of any error; what is not a `StoreError` is `unknown`. */
export function storeErrorCode(error: unknown): StoreErrorCode {
  return error instanceof StoreError ? error.code : "unknown";
}
