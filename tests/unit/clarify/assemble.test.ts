import { describe, expect, it } from "vitest";
import type { SectionName } from "@/server/clarify/sections";
import { SECTION_NAMES } from "@/server/clarify/sections";
import type { AssembleOptions, SectionPart } from "@/server/context/assemble";
import { assembleContext } from "@/server/context/assemble";
import { estimateTokens } from "@/server/context/tokens";

const COUNTS: Record<SectionName, number> = { user: 3, dreams: 5, patterns: 10, sessions: 3, reflections: 3 };

const lines = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const text = `${prefix} ${index} with a few words`;
    return { id: `${prefix}-${index}`, label: text, text };
  });

type State = { source: "fresh" | "aging"; ageMs: number; count: number } | { source: "missing"; reason: "timeout" };

/** The five sections, some of them changed. */
function parts(changes: Partial<Record<SectionName, State>> = {}): SectionPart<SectionName>[] {
  return SECTION_NAMES.map((name) => {
    const heading = `About ${name}`;
    const empty = `No ${name} yet.`;
    const state = changes[name] ?? { source: "fresh", ageMs: 1_000, count: COUNTS[name] };
    if (state.source === "missing") return { name, heading, empty, ...state };
    return { name, heading, empty, source: state.source, ageMs: state.ageMs, items: lines(name, state.count) };
  });
}

function assemble(changes: Partial<Record<SectionName, State>> = {}, options: Partial<AssembleOptions> = {}) {
  return assembleContext(parts(changes), { budget: 8_000, countTokens: estimateTokens, ...options });
}

describe("assembleContext", () => {
  it("puts all sections into one fenced block, by priority", () => {
    const { text, sections } = assemble();
    const places = SECTION_NAMES.map((name) => text.indexOf(`- ${name} 0`));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(text.startsWith("<context>\n")).toBe(true);
    expect(text.endsWith("\n</context>")).toBe(true);
    expect(sections.map(({ itemsIncluded }) => itemsIncluded)).toEqual([3, 5, 10, 3, 3]);
  });

  it("gives the same bytes for the same rows", () => {
    expect(assemble().text).toBe(assemble().text);
  });

  it("does not let age or source change the bytes", () => {
    const aged = assemble({ dreams: { source: "aging", ageMs: 290_000, count: COUNTS.dreams } });
    expect(aged.text).toBe(assemble().text);
  });

  it("stays within the budget, cut at whole items, last sections first", () => {
    const whole = assemble();
    const { text, tokens, budget, sections } = assemble({}, { budget: whole.tokens - 20 });
    expect(tokens).toBeLessThanOrEqual(budget);
    expect(sections.map(({ itemsIncluded }) => itemsIncluded).slice(0, 4)).toEqual([3, 5, 10, 3]);
    const reflections = sections[4];
    expect(reflections?.itemsIncluded).toBeLessThan(3);
    for (const item of reflections?.items ?? []) expect(text.includes(item.text)).toBe(item.included);
  });

  it("counts no fewer tokens than the finished block has", () => {
    const { text, tokens } = assemble();
    expect(tokens).toBeGreaterThanOrEqual(estimateTokens(text) * 0.98);
    expect(tokens).toBeLessThanOrEqual(estimateTokens(text) * 1.15);
  });

  it("adds up: the sections' tokens and the frame are the total", () => {
    const { tokens, sections } = assemble();
    const inSections = sections.reduce((sum, section) => sum + section.tokens, 0);
    expect(tokens - inSections).toBeGreaterThan(0);
    expect(tokens - inSections).toBeLessThan(80);
  });

  it("marks a section that could not be read, instead of showing it as empty", () => {
    const { text, sections } = assemble({ dreams: { source: "missing", reason: "timeout" } });
    expect(text).toContain("Could not be read just now");
    expect(text).not.toContain("No dreams yet");
    expect(sections[1]).toMatchObject({ source: "missing", missingReason: "timeout", ageMs: null, itemsLoaded: 0 });
  });

  it("begins with the given opening, inside the fence", () => {
    expect(assemble({}, { opening: "About the project." }).text).toMatch(
      /^<context>\nAbout the project\.\n\n## About user\n/,
    );
  });

  it("marks an empty section", () => {
    const { text } = assemble({ dreams: { source: "fresh", ageMs: 0, count: 0 } });
    expect(text).toContain("No dreams yet.");
  });
});
