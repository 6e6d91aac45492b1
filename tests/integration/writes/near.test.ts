import { beforeEach, describe, expect, inject, it } from "vitest";
import type { StoreFactory } from "@/server/cache";
import { MemoryStore } from "@/server/cache/memory";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import type { TestApp } from "@/tests/support/test-app";
import { createTestApp } from "@/tests/support/test-app";
import { labelsOf } from "./support/reading";

const stack = inject("stack");

/** A process that keeps entries of a shared store near, and whose feed says that nothing was outdated. */
function deafProcess(shared: MemoryStore): TestApp {
  const store: StoreFactory = ({ clock }) =>
    Object.assign(shared, {
      follow: () => ({
        get heardUntil() {
          return clock.elapsed() - 1;
        },
        close() {},
      }),
    });
  return createTestApp({ stack, store, near: true });
}

describe("a process that has not heard of a write in another process", () => {
  let person: Person;
  let here: TestApp;
  let there: TestApp;
  const titles = async (justWrote: boolean) => {
    const context = await here.as(person, { justWrote }).clarifyContext.get({ sessionId: null });
    return labelsOf(context, "dreams");
  };

  beforeEach(async () => {
    person = await createPerson(stack);
    const shared = new MemoryStore();
    here = deafProcess(shared);
    there = deafProcess(shared);
    await there.as(person).dreams.create({ title: "Learn to sail" });
    for (let read = 0; read < 2; read += 1) {
      await titles(false);
      await here.backgroundDone();
    }
  });

  it("answers from what it keeps near", async () => {
    await there.as(person).dreams.create({ title: "Build a boat" });
    expect(await titles(false)).toEqual(["Learn to sail"]);
  });

  it("answers with the write to a person who says that they have just written", async () => {
    await there.as(person).dreams.create({ title: "Build a boat" });
    expect(await titles(true)).toEqual(["Build a boat", "Learn to sail"]);
  });
});
