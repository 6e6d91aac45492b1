import type { CachePolicy } from "@/server/cache";
import type { UserDatabase } from "@/server/database/client";
import type { SectionName } from "./context";

export interface LoadRequest {
  database: UserDatabase;
  userId: string;
  /** Aborts when the cache gives up on the load. */
  signal: AbortSignal;
}

/** One line of the context block, before anyone knows whether it fits. */
export interface SectionItem {
  id: string;
  /** What a person recognises it by, unescaped. */
  label: string;
  /** The line in the prompt. */
  text: string;
}

export interface RenderOptions {
  /** Left out of the sessions section; the cached rows are the same for every session. */
  currentSessionId: string | null;
}

/** A part of the context: what it loads, how long that stays fresh, and how it is worded. */
export interface Section<Data> {
  name: SectionName;
  heading: string;
  /** Said in place of the items when there are none. */
  empty: string;
  policy: CachePolicy;
  load(request: LoadRequest): Promise<Data>;
  items(data: Data, options: RenderOptions): SectionItem[];
}

/**
 * How a section is kept. A database that is late costs a message at most `loadHardTimeoutMs`, and much less where an
 * expired copy can stand in.
 */
export function sectionPolicy(policy: { minutes: number; version: number }): CachePolicy {
  return {
    ttlMs: policy.minutes * 60_000,
    version: policy.version,
    loadSoftTimeoutMs: 300,
    loadHardTimeoutMs: 2_000,
  };
}

/** Keeps a section's data type while checking its shape. */
export function defineSection<Data>(section: Section<Data>): Section<Data> {
  return section;
}

/** The name a section's entries are cached under; the user follows it. */
export function sectionCacheName(name: SectionName): string {
  return `ctx:${name}`;
}

/** The cache key of one person's section, as in `ctx:dreams:{userId}`. */
export function sectionKey(name: SectionName, userId: string): string {
  return `${sectionCacheName(name)}:${userId}`;
}

/** A calendar day in UTC: wording that does not change from one message to the next. */
export function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}
