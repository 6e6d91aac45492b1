import { PublicError } from "@/server/public-error";

/** Only the last message of a conversation can be answered again, reworded, or given another of its answers. */
export class NotLastError extends PublicError {
  override name = "NotLastError";
  readonly code = "CONFLICT";

  constructor() {
    super("This can be done with the last message of a conversation only.");
  }
}

/** The model refused to answer again. The previous answer is unchanged. */
export class RefusedAgainError extends PublicError {
  override name = "RefusedAgainError";
  readonly code = "UNPROCESSABLE_CONTENT";

  constructor() {
    super("The mirror would not answer this. The answer before it is kept.");
  }
}
