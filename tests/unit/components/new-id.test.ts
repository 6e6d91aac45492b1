import { describe, expect, it } from "vitest";
import { newId } from "@/components/trpc/new-id";

describe("newId", () => {
  it("is a random version 4 UUID, with and without the browser's own", () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(newId()).toMatch(uuid);
    const own = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
      for (let count = 0; count < 50; count++) expect(newId()).toMatch(uuid);
      expect(newId()).not.toBe(newId());
    } finally {
      Reflect.deleteProperty(crypto, "randomUUID");
      if (own) Object.defineProperty(crypto, "randomUUID", own);
    }
  });
});
