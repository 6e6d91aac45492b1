/** The length of a slot in milliseconds. Figures are kept per slot. */
export const SLOT_MS = 30_000;
/** How long a slot is kept, in milliseconds. */
export const KEEP_MS = 24 * 3_600_000;
/**
 * How long after its end a slot may still be written, in milliseconds: the time in which a process that could not reach
 * the store catches up.
 */
export const LATE_MS = 15 * 60_000;

/** All slots that are kept: one full day, and the slot that is being filled. */
export const KEPT_SLOTS = KEEP_MS / SLOT_MS + 1;

/** The slot of a moment, counted from the epoch. */
export function slotAt(ms: number): number {
  return Math.floor(ms / SLOT_MS);
}

/** Whether this slot can no longer be written. */
export function isClosed(slot: number, nowMs: number): boolean {
  return (slot + 1) * SLOT_MS + LATE_MS < nowMs;
}
