import type { LookBack } from "@/server/look-back/router";

/** The last whole calendar month of this browser's time zone. */
export interface PastMonth {
  /** As `2026-10`. */
  key: string;
  /** ISO-8601, UTC. */
  from: string;
  until: string;
}

export function pastMonth(now: Date): PastMonth {
  const first = new Date(now.getFullYear(), now.getMonth() - 1, 1);
  const next = new Date(now.getFullYear(), now.getMonth(), 1);
  const month = String(first.getMonth() + 1).padStart(2, "0");
  return { key: `${first.getFullYear()}-${month}`, from: first.toISOString(), until: next.toISOString() };
}

/** Whether there is nothing to look back on. Tones alone say too little. */
export function isEmpty({ cameBack, dreams, quiet }: LookBack): boolean {
  return cameBack.length + dreams.length + quiet.length === 0;
}
