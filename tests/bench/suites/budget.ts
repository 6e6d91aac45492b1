import { dreamsSection } from "@/server/clarify/sections/dreams";
import { patternsSection } from "@/server/clarify/sections/patterns";
import { reflectionsSection } from "@/server/clarify/sections/reflections";
import { sessionsSection } from "@/server/clarify/sections/sessions";
import { userSection } from "@/server/clarify/sections/user";
import type { SectionPart } from "@/server/context/assemble";
import { assembleContext } from "@/server/context/assemble";
import type { SectionItem } from "@/server/context/section";
import { pricesSchema } from "@/server/insights/prices";
import { TokenCounter } from "@/server/tokens/token-counter";
import { ITEMS } from "@/tests/support/related/labelled";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { SuiteOptions } from "../suite";

const SUITE = "budget";
const BUDGETS = [2_000, 4_000, 8_000, 16_000];
const AT = "2026-11-20T10:00:00.000Z";
const MESSAGES = 1_000;
const PER_TOKEN = 1 / 1_000_000;
const ENGLISH = ITEMS.map(({ text }) => text)
  .filter((text) => !/[\u0590-\u05ff]/.test(text))
  .join(" ");

/**
 * What a budget of the context costs, by `CONTEXT_TOKENS`, for a person with much text: five long dreams, ten patterns,
 * three reflections of 9,000 characters. Prices are those that `/insights` counts with; a message reads the context
 * from the model's cache, and writes it there when it has changed or five minutes have passed. The rows are in the
 * cache whole, so a budget changes nothing of what is read from there.
 */
export async function budgetSuite({ quick }: SuiteOptions): Promise<Row[]> {
  const tokens = new TokenCounter({ model: "claude-test" });
  await tokens.load();
  const prices = pricesSchema.parse("");
  const parts = partsOfMuchText();
  const written = parts
    .flatMap(({ items }) => items)
    .reduce((sum, { text, longText = "" }) => sum + text.length + longText.length, 0);
  return BUDGETS.flatMap((budget) => {
    const assemble = () => assembleContext(parts, { budget, countTokens: tokens.countLine });
    for (let n = 0; n < 20; n += 1) assemble();
    const durations: number[] = [];
    const cpuBefore = process.cpuUsage();
    const rounds = quick ? 20 : 200;
    for (let n = 0; n < rounds; n += 1) {
      const begunAt = performance.now();
      assemble();
      durations.push(performance.now() - begunAt);
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    const context = assemble();
    const items = context.sections.flatMap((section) => section.items);
    const left = items.reduce(
      (sum, { included, cutCharacters, text }) => sum + (included ? cutCharacters : text.length),
      0,
    );
    const usd = (price: number) => context.tokens * price * PER_TOKEN * MESSAGES;
    const row = (metric: string, value: number): Row => ({
      suite: SUITE,
      subject: String(budget),
      metric,
      n: rounds,
      value: round(value),
    });
    return [
      { suite: SUITE, subject: String(budget), metric: "assemble_ms", ...timings(durations) },
      row("assemble_cpu_ms", (user + system) / 1_000 / rounds),
      row("context_tokens", context.tokens),
      row("context_bytes", Buffer.byteLength(context.text)),
      row("text_share", 1 - left / written),
      row("usd_per_1000_messages_cached", usd(prices.cache_read)),
      row("usd_per_1000_messages_written", usd(prices.cache_write)),
    ];
  });
}

function partsOfMuchText(): (SectionPart & { items: SectionItem[] })[] {
  const long = (from: number, characters: number) => ENGLISH.repeat(2).slice(from * 100, from * 100 + characters);
  const several = <T>(count: number, toRow: (n: number) => T) => Array.from({ length: count }, (_, n) => toRow(n));
  const user = {
    id: "u",
    name: "Noa",
    tier: "pro" as const,
    total_sessions: 80,
    total_reflections: 200,
    created_at: AT,
  };
  const dreams = several(5, (n) => ({
    id: `d${n}`,
    title: `Dream ${n}`,
    category: "craft",
    description: long(n * 40, 3_500),
    target_date: "2027-05-01",
    updated_at: AT,
  }));
  const patterns = several(10, (n) => ({
    id: `p${n}`,
    type: "tension" as const,
    content: long(n * 20, 300),
    strength: 9,
  }));
  const sessions = several(3, (n) => ({
    id: `s${n}`,
    title: long(n * 30, 80),
    message_count: 40,
    last_message_at: AT,
  }));
  const reflections = several(3, (n) => ({ id: `r${n}`, tone: "calm", content: long(n * 60, 9_000), created_at: AT }));
  return [
    { ...userSection, items: userSection.items(user, {}) },
    { ...dreamsSection, items: dreamsSection.items(dreams, {}) },
    { ...patternsSection, items: patternsSection.items(patterns, {}) },
    { ...sessionsSection, items: sessionsSection.items(sessions, { sessionId: null }) },
    { ...reflectionsSection, items: reflectionsSection.items(reflections, {}) },
  ].map(({ name, heading, empty, minTokens, maxTokens, items }) => ({
    ...{ name, heading, empty, minTokens, maxTokens, items },
    source: "fresh" as const,
    ageMs: 0,
  }));
}
