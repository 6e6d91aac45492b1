import { describe, expect, it } from "vitest";
import { WriteScope } from "@/server/database/write-scope";

describe("the write that code is part of", () => {
  it("is known to all that the write waits for, and to nothing else", async () => {
    const scope = new WriteScope();
    expect(scope.writeId).toBeUndefined();
    const both = ["a", "b"].map((id) =>
      scope.run(id, async () => {
        await Promise.resolve();
        return scope.writeId;
      }),
    );
    expect(await Promise.all(both)).toEqual(["a", "b"]);
    expect(scope.writeId).toBeUndefined();
  });

  it.each(["returned", "failed"])("is not that of work that goes on after the write %s", async (how) => {
    const scope = new WriteScope();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let later: Promise<string | undefined> | undefined;
    const write = scope.run("a", async () => {
      later = ended.then(() => scope.writeId);
      if (how === "failed") throw new Error("failed");
    });
    await write.catch(() => undefined);
    end();
    expect(await later).toBeUndefined();
  });
});
