/** A Redis error reply; the message starts with its code (`ERR`, `NOSCRIPT`, …). */
export class ReplyError extends Error {
  override name = "ReplyError";
}

export type Command = readonly (string | number)[];

/** Runs commands for the REST server. */
export interface RedisExecutor {
  /**
   * Sends a command. Commands run in the order in which they are sent. Rejects with a `ReplyError` on an error reply.
   */
  call(command: Command): Promise<unknown>;
  close(): Promise<void>;
}
