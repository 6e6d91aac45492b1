import type { Speech } from "@/components/words/speech";

/** How long ago, in whole steps: "now", "12 s ago", "4 min ago", "2 h ago". */
export function ageWords(ageMs: number, { words, fill, number }: Speech): string {
  const { inspector } = words;
  const seconds = Math.floor(ageMs / 1_000);
  if (seconds < 1) return inspector.now;
  if (seconds < 60) return fill(inspector.secondsAgo, { count: number(seconds) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return fill(inspector.minutesAgo, { count: number(minutes) });
  return fill(inspector.hoursAgo, { count: number(Math.floor(minutes / 60)) });
}
