import { expect, vi } from "vitest";
import type { ClarifyContext, SectionName } from "@/server/clarify/sections";
import type { Person } from "@/tests/support/database/person";
import type { TestApp } from "@/tests/support/test-app";

/** The context of a message outside every conversation. */
export function contextOf(app: TestApp, person: Person): Promise<ClarifyContext> {
  return app.as(person).clarifyContext.get({ sessionId: null });
}

/** Reads until every section comes from the cache. */
export function warm(app: TestApp, person: Person): Promise<ClarifyContext> {
  return vi.waitFor(
    async () => {
      const context = await contextOf(app, person);
      await app.backgroundDone();
      expect(context.sections.map(({ source }) => source)).toEqual(context.sections.map(() => "fresh"));
      return context;
    },
    { timeout: 10_000, interval: 1 },
  );
}

/** The labels of a section's items. */
export function labelsOf({ sections }: ClarifyContext, name: SectionName): string[] | undefined {
  return sections.find((section) => section.name === name)?.items.map(({ label }) => label);
}

/**
 * Waits for a moment in the middle of a request.
 * @throws the error of the request, or that it ended without such a moment.
 */
export async function during(moment: Promise<void>, request: Promise<unknown>): Promise<void> {
  const ended = request.then(() => {
    throw new Error("The request ended before its time");
  });
  await Promise.race([moment, ended]);
}
