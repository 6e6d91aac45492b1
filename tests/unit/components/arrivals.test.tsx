import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { KnownSection } from "@/components/clarify/arrivals";
import { Arrivals, seeAgain } from "@/components/clarify/arrivals";
import { itemLabel } from "@/components/clarify/item-labels";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { createSpeech } from "@/components/words/speech";
import { WordsProvider } from "@/components/words/words";

const NOTHING = { ids: new Map(), arrived: [] };
const dreams = (...ids: string[]): KnownSection => ({
  name: "dreams",
  missing: false,
  items: ids.map((id) => ({ id, label: `Dream ${id}` })),
});
const missing: KnownSection = { name: "dreams", missing: true, items: [] };

describe("what comes into the context while it is shown", () => {
  it("is what was not there before, and stays said until more comes", () => {
    const first = seeAgain(NOTHING, [dreams("a")]);
    expect(first.arrived).toEqual([]);
    const second = seeAgain(first, [dreams("b", "a")]);
    expect(second.arrived).toEqual(["Dream b"]);
    expect(seeAgain(second, [dreams("b", "a")]).arrived).toEqual(["Dream b"]);
  });

  it("is not what was removed and restored, nor what could not be read before", () => {
    const known = seeAgain(NOTHING, [dreams("a", "b")]);
    expect(seeAgain(seeAgain(known, [dreams("a")]), [dreams("a", "b")]).arrived).toEqual([]);
    expect(seeAgain(seeAgain(NOTHING, [missing]), [dreams("a")]).arrived).toEqual([]);
    expect(seeAgain(seeAgain(known, [missing]), [dreams("a", "b")]).arrived).toEqual([]);
  });

  it("is said, and so is that there is nothing yet, but not that there is nothing if it could not be read", () => {
    const said = (section: KnownSection) =>
      renderToStaticMarkup(
        <WordsProvider language="en" words={en}>
          <Arrivals sections={[section]} readAt={1} />
        </WordsProvider>,
      );
    expect(said(dreams())).toMatch(/role="status".*>Nothing here yet. It fills as you write.</);
    expect(said(missing)).toMatch(/role="status"[^>]*><\/p>/);
    expect(said(dreams("a"))).toMatch(/role="status"[^>]*><\/p>/);
  });
});

describe("an item about the person", () => {
  const item = { id: "", text: "", tokens: 1, included: true, cutCharacters: 0 };
  const since = { ...item, label: "Here since 2026-06-22", values: { day: "2026-06-22" } };
  const totals = { ...item, label: "1 sessions, 2 reflections", values: { conversations: 1, reflections: 2 } };
  const english = createSpeech("en", en);
  const hebrew = createSpeech("he", he);

  it("is said in the language of the page", () => {
    expect(itemLabel("user", since, english)).toBe("Here since 22 June 2026");
    expect(itemLabel("user", since, hebrew)).toBe("כאן מאז 22 ביוני 2026");
    expect(itemLabel("user", totals, english)).toBe("1 conversation, 2 reflections");
    expect(itemLabel("user", totals, hebrew)).toBe("שיחה אחת, שני הרהורים");
  });

  it("is theirs where they wrote it", () => {
    expect(itemLabel("user", { ...item, label: "נועה" }, english)).toBe("נועה");
    expect(itemLabel("dreams", { ...totals, label: "Two" }, english)).toBe("Two");
  });
});
