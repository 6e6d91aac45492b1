import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Inspector } from "@/components/inspector/inspector";
import { en } from "@/components/words/en";
import { WordsProvider } from "@/components/words/words";

const SECTION = { missingReason: null, ageMs: 5_000, itemsLoaded: 1, itemsIncluded: 1, more: false, tokens: 20 };
const ITEM = { text: "- Paint the hull", tokens: 6, included: true, cutCharacters: 0 };

it("shows a context of any sections, by the looks that the application passes in", () => {
  const context = {
    text: "",
    tokens: 40,
    budget: 100,
    buildMs: 1,
    warmForMs: 0,
    sections: [
      {
        name: "tasks" as const,
        source: "fresh" as const,
        ...SECTION,
        items: [{ id: "t1", label: "Paint the hull", ...ITEM }],
      },
      { name: "notes" as const, source: "loaded" as const, ...SECTION, more: true, items: [] },
    ],
  };
  const looks = { tasks: { title: "To do", tone: "bg-red" }, notes: { title: "Own notes", tone: "bg-blue" } };
  const html = renderToStaticMarkup(
    <WordsProvider language="en" words={en}>
      <Inspector context={context} looks={looks} readAt={0} busy={false} onRefresh={() => {}}>
        <p>between</p>
      </Inspector>
    </WordsProvider>,
  );
  expect(html).toMatch(
    /40 of 100 tokens.*between.*To do.*>1<.*from memory.*Paint the hull.*Own notes.*1, there are more.*just read/s,
  );
  expect(html).toContain('title="Own notes: 20 tokens"');
  expect(html).toContain('data-technical="false"');
  // @ts-expect-error: every section needs a look
  <Inspector context={context} looks={{ tasks: looks.tasks }} readAt={0} busy={false} onRefresh={() => {}} />;
});
