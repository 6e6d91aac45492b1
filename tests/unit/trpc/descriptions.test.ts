import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { parseRouterWithOptions } from "trpc-ui";
import { expect, it, vi } from "vitest";
import { appRouter } from "@/server/router";

const root: AnyRouter = appRouter;
const procedures: [path: string, procedure: AnyProcedure][] = Object.entries(root._def.procedures);

it.each(procedures)("%s says what it does, in a sentence", (_path, { _def }) => {
  expect(_def.meta).toEqual({ description: expect.stringMatching(/^[A-Z].{15,}\.$/s) });
});

it("the panel can show every procedure", () => {
  const warn = vi.spyOn(console, "warn");
  const shown = JSON.stringify(parseRouterWithOptions(appRouter, {}));
  expect(warn).not.toHaveBeenCalled();
  for (const [path] of procedures) expect(shown).toContain(`"pathFromRootRouter":${JSON.stringify(path.split("."))}`);
  warn.mockRestore();
});
