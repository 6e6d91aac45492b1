import { expect, vi } from "vitest";
import type { ClarifyContext, SectionName } from "@/server/clarify/sections";
import type { Person } from "@/tests/support/database/person";
import type { TestApp } from "@/tests/support/test-app";

/** The context as a message outside every conversation would find it. */
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

/** What a section shows, item by item. */
export function labelsOf({ sections }: ClarifyContext, name: SectionName): string[] | undefined {
  return sections.find((section) => section.name === name)?.items.map(({ label }) => label);
}

/**
 * Waits for a moment in the middle of a request.
 * @throws what the request failed with, or that it ended without there having been such a moment.
 */
export async function during(moment: Promise<void>, request: Promise<unknown>): Promise<void> {
  const ended = request.then(() => {
    throw new Error("The request ended before its time");
  });
  await Promise.race([moment, ended]);
}
