/** A Redis error reply; the message starts with its code (`ERR`, `NOSCRIPT`, …). */
export class ReplyError extends Error {
  override name = "ReplyError";
}

export type Command = readonly (string | number)[];

/** What the REST server runs commands on. */
export interface RedisExecutor {
  /** Sends a command; commands run in the order of sending. Rejects with a `ReplyError` on an error reply. */
  call(command: Command): Promise<unknown>;
  close(): Promise<void>;
}
