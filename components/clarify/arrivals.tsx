import { useState } from "react";
import { useSpeech } from "@/components/words/words";

export interface KnownSection {
  name: string;
  /** Whether it could not be read. */
  missing: boolean;
  items: readonly { id: string; label: string }[];
}

interface Seen {
  /** The items that were shown, by section. A section that could not be read yet is not in it. */
  ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** The labels of those that came last. */
  arrived: readonly string[];
}

/** What the inspector knows of a section before and after it is read again. */
export function seeAgain({ ids, arrived }: Seen, sections: readonly KnownSection[]): Seen {
  const next = new Map(ids);
  const fresh: string[] = [];
  for (const { name, missing, items } of sections) {
    if (missing) continue;
    const before = ids.get(name);
    if (before !== undefined) fresh.push(...items.filter(({ id }) => !before.has(id)).map(({ label }) => label));
    next.set(name, new Set([...(before ?? []), ...items.map(({ id }) => id)]));
  }
  return { ids: next, arrived: fresh.length > 0 ? fresh : arrived };
}

const NOTHING_SEEN: Seen = { ids: new Map(), arrived: [] };

/**
 * Says, while the context is shown, what has come into it; and that it will, while it is empty. It always stands in the page, because
 * screen readers announce only what changes.
 */
export function Arrivals({ sections, readAt }: { sections: readonly KnownSection[]; readAt: number }) {
  const { words, fill, locale } = useSpeech();
  const { inspector } = words;
  const [seen, setSeen] = useState(() => ({ ...seeAgain(NOTHING_SEEN, sections), at: readAt }));
  if (seen.at !== readAt) setSeen({ ...seeAgain(seen, sections), at: readAt });
  const empty = sections.every(({ missing, items }) => !missing && items.length === 0);
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const arrived = seen.arrived.map((label) => `“${label}”`);
  return (
    <p
      role="status"
      data-testid="arrivals"
      className="not-empty:mt-3 text-sm leading-6 [overflow-wrap:anywhere] line-clamp-4"
    >
      {empty ? inspector.empty : arrived.length > 0 ? fill(inspector.arrived, { items: list.format(arrived) }) : ""}
    </p>
  );
}
