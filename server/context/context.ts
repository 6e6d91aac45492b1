import type { ReadOutcome } from "@/server/cache";

/** Where a section came from: a cache outcome, or `missing` when its loader failed and no copy was held. */
export type SectionSource = ReadOutcome | "missing";

export type MissingReason = "timeout" | "unavailable";

/** One line of the prompt, and whether it fitted into the budget. */
export interface ContextItem {
  id: string;
  /** What a person recognises the item by. */
  label: string;
  /** The facts in the label, for a page that says them in its own words. */
  values?: Readonly<Record<string, string | number>>;
  text: string;
  tokens: number;
  included: boolean;
  /** Characters cut from its end because the budget did not hold them. */
  cutCharacters: number;
}

export interface SectionReport<Name extends string = string> {
  name: Name;
  source: SectionSource;
  /** Why the section is missing; null unless `source` is `missing`. */
  missingReason: MissingReason | null;
  /** Milliseconds since the rows were loaded; null when missing. */
  ageMs: number | null;
  itemsLoaded: number;
  itemsIncluded: number;
  /** Whether there is more of it than what was loaded. */
  more: boolean;
  /** Tokens the section takes in the prompt, heading included. */
  tokens: number;
  items: ContextItem[];
}

export interface BuiltContext<Name extends string = string> {
  /** The block that goes into the model's prompt, byte for byte. */
  text: string;
  tokens: number;
  /** The most tokens that the block may take. */
  budget: number;
  buildMs: number;
  /** Milliseconds after which to ask again, so that a message keeps finding every section in the cache. */
  warmForMs: number;
  /** In priority order: when the budget is short, the last sections lose their items first. */
  sections: SectionReport<Name>[];
}
