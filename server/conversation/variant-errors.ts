import { PublicError } from "@/server/public-error";

/** Only the last message of a conversation can be answered again, reworded, or given another of its answers. */
export class NotLastError extends PublicError {
  override name = "NotLastError";
  readonly code = "CONFLICT";

  constructor() {
    super("You can only do this with the last message of a conversation.");
  }
}

/** The model refused to answer again. The previous answer is unchanged. */
export class RefusedAgainError extends PublicError {
  override name = "RefusedAgainError";
  readonly code = "UNPROCESSABLE_CONTENT";

  constructor() {
    super("I can't answer this one again. The earlier answer is still here.");
  }
}
