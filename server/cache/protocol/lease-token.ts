/**
 * What a lease is held by: `{process}:{count}|{patience}`. `patience` is how long its holder may go without a sign of life,
 * in milliseconds, before the lease is the next asker's: the process may have died, or never have heard that it was
 * granted.
 */
export function leaseToken(process: string, count: number, patienceMs: number): string {
  return `${process}:${count.toString(36)}|${Math.ceil(patienceMs)}`;
}

/** Undefined for a token that says nothing of it: its lease lasts for as long as it was taken. */
export function patienceOf(token: string): number | undefined {
  const patience = /\|(\d+)$/.exec(token)?.[1];
  return patience === undefined ? undefined : Number(patience);
}

/** Whether it was this process that took the lease. */
export function isOwn(token: string, process: string): boolean {
  return token.startsWith(`${process}:`);
}
