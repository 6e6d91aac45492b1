/**
 * What leases of this process are held by: `{process}:{count}|{patience}`. `patience` is how long the holder may go without a
 * sign of life, in milliseconds, before the lease is the next asker's: the process may have died, or never have heard that it
 * was granted.
 */
export class LeaseTokens {
  readonly #process = crypto.randomUUID();
  #count = 0;

  next(patienceMs: number): string {
    this.#count += 1;
    return `${this.#process}:${this.#count.toString(36)}|${Math.ceil(patienceMs)}`;
  }

  /** Whether it was this process that took the lease. */
  isOwn(token: string): boolean {
    return token.startsWith(`${this.#process}:`);
  }
}

/** Undefined for a token that says nothing of it: its lease lasts for as long as it was taken. */
export function patienceOf(token: string): number | undefined {
  const patience = /\|(\d+)$/.exec(token)?.[1];
  return patience === undefined ? undefined : Number(patience);
}
