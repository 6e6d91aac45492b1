import type { DreamRow, PatternRow, ReflectionRow, SessionRow } from "@/server/database/types";

/** A time: this many days before the seeding, at a time of day in UTC. */
export interface When {
  daysAgo: number;
  time: `${number}:${number}`;
}

export interface DemoDream extends Pick<DreamRow, "title" | "description" | "category" | "status"> {
  key: string;
  created: When;
  /** When it was last changed; for a dream that has ended, when it was achieved or released. */
  updated: When;
  /** Days after the seeding. */
  targetInDays?: number;
  /** The session in which it was created. */
  session?: string;
}

export interface DemoSession {
  key: string;
  /** Default: the first message is the title. */
  title?: string;
  status: SessionRow["status"];
  /** The dream that it is about; that dream must not have a session itself. */
  dream?: string;
  began: When;
  /** Minutes since the session began, and the text. The person and Clarify alternate; the person is first. */
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

/** The instant of a `When`. */
export function instant({ daysAgo, time }: When, now: Date): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const day = new Date(now.getTime() - daysAgo * 86_400_000);
  day.setUTCHours(hours, minutes, 0, 0);
  return day;
}
