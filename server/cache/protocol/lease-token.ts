/**
 * Tokens for the leases of this process: `{process}:{count}|{patience}`. `patience` is how long the holder may be
 * silent, in milliseconds, before the next reader may take the lease over: the holder may have died, or may never have
 * received the reply that granted the lease.
 */
export class LeaseTokens {
  readonly #process = crypto.randomUUID();
  #count = 0;

  next(patienceMs: number): string {
    this.#count += 1;
    return `${this.#process}:${this.#count.toString(36)}|${Math.ceil(patienceMs)}`;
  }

  /** Whether this process made the token. */
  isOwn(token: string): boolean {
    return token.startsWith(`${this.#process}:`);
  }
}

/** Undefined for a token that states no patience: its lease lasts for the time it was taken for. */
export function patienceOf(token: string): number | undefined {
  const patience = /\|(\d+)$/.exec(token)?.[1];
  return patience === undefined ? undefined : Number(patience);
}
