import type { DreamRow, PatternRow, ReflectionRow, SessionRow } from "@/server/database/types";

/** When something happened: so many days before the seeding, at a time of day in UTC. */
export interface When {
  daysAgo: number;
  time: `${number}:${number}`;
}

export interface DemoDream extends Pick<DreamRow, "title" | "description" | "category" | "status"> {
  key: string;
  created: When;
  /** Last touched; for a dream that is over, when it was achieved or let go. */
  updated: When;
  /** Days from the seeding. */
  targetInDays?: number;
  /** The session it came out of. */
  session?: string;
}

export interface DemoSession {
  key: string;
  /** Without one, the first message gives it. */
  title?: string;
  status: SessionRow["status"];
  /** The dream it is about; one that did not come out of a session itself. */
  dream?: string;
  began: When;
  /** Minutes since it began, and what was said; the person and Clarify take turns, the person first. */
  messages: [afterMinutes: number, content: string][];
}

export interface DemoPattern extends Pick<PatternRow, "type" | "content" | "strength"> {
  key: string;
  firstSeen: When;
  lastSeen: When;
  session?: string;
}

export interface DemoReflection extends Pick<ReflectionRow, "tone" | "content"> {
  key: string;
  written: When;
  dream?: string;
}

/** A when as an instant. */
export function instant({ daysAgo, time }: When, now: Date): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const day = new Date(now.getTime() - daysAgo * 86_400_000);
  day.setUTCHours(hours, minutes, 0, 0);
  return day;
}
