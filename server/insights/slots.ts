/** Time is cut into slots of so many milliseconds; figures are kept per slot. */
export const SLOT_MS = 30_000;
/** How long a slot is kept, in milliseconds. */
export const KEEP_MS = 24 * 3_600_000;
/** How long after its end a slot may still be written: a process that could not reach the store catches up until then. */
export const LATE_MS = 15 * 60_000;

/** Everything that is kept: one full day, and the slot that is being filled. */
export const KEPT_SLOTS = KEEP_MS / SLOT_MS + 1;

/** The slot that a moment belongs to, counted from the epoch. */
export function slotAt(ms: number): number {
  return Math.floor(ms / SLOT_MS);
}

/** Whether this slot can no longer be written. */
export function isClosed(slot: number, nowMs: number): boolean {
  return (slot + 1) * SLOT_MS + LATE_MS < nowMs;
}
