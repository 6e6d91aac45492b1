import { readFileSync } from "node:fs";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { RUNBOOK } from "@/components/insights/anchors";
import { Handbook } from "@/components/insights/handbook";

it("has a paragraph for each target, where its link leads", () => {
  const page = renderToStaticMarkup(<Handbook text={readFileSync("OPERATIONS.md", "utf8")} />);
  for (const anchor of Object.values(RUNBOOK)) expect(page).toContain(` id="${anchor}"`);
});

it("links to its own headings and to the web, and not to files that are not served", () => {
  const page = renderToStaticMarkup(
    <Handbook
      text={"## A `b` c\n\n[here](#a-b-c), [there](https://example.com/x), [a file](ops/nginx/clarify.conf)"}
    />,
  );
  expect(page).toContain('<h2 id="a-b-c">');
  expect(page).toContain('href="#a-b-c"');
  expect(page).toContain('href="https://example.com/x"');
  expect(page).not.toContain("clarify.conf");
});
