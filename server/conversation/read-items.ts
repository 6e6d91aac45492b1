import type { ClarifyContext, SectionName } from "@/server/clarify/sections";
import { NOT_NAMED } from "@/server/clarify/sections/sessions";
import type { ContextItem } from "@/server/context/context";
import type { ReadItem } from "@/server/receipts/receipts-of";
import { GO_ON } from "./prompt";
import type { RunningSummary } from "./running-summary";
import type { HistoryMessage } from "./voice";

/** The items of a context that were in the prompt. What is known of the person themself is none of them. */
export function readItems({ sections }: ClarifyContext): ReadItem[] {
  return sections.flatMap(({ name, items }) =>
    items.filter(({ included }) => included).flatMap((item) => READ_ITEM[name](item)),
  );
}

const READ_ITEM: Record<SectionName, (item: ContextItem) => ReadItem[]> = {
  user: () => [],
  dreams: ({ id, label, text }) => [{ kind: "dream", id, title: label, text, day: null }],
  patterns: ({ id, label, text }) => [{ kind: "pattern", id, title: label, text, day: null }],
  // The model read no more of it than its title.
  sessions: ({ id, label }) =>
    label === NOT_NAMED ? [] : [{ kind: "conversation", id, title: label, text: label, day: null }],
  reflections: ({ id, text }) => [{ kind: "reflection", id, title: null, text, day: dayIn(text) }],
};

/** The line of a reflection begins with its day. */
function dayIn(line: string): string | null {
  return /^- (\d{4}-\d{2}-\d{2})/.exec(line)?.[1] ?? null;
}

/** What the person said in a conversation, as far as the model read it; earlier messages as their summary. */
export function saidBy(history: readonly HistoryMessage[], summary: RunningSummary | null): string[] {
  const said = history.filter(({ role, content }) => role === "user" && content !== GO_ON);
  return [...(summary === null ? [] : [summary.words]), ...said.map(({ content }) => content)];
}
