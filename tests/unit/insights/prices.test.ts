import { describe, expect, it } from "vitest";
import { pricesSchema } from "@/server/insights/prices";

describe("prices", () => {
  it("have defaults, each of which can be changed", () => {
    const defaults = pricesSchema.parse("");
    expect(pricesSchema.parse("input=1.5, redis=0")).toEqual({ ...defaults, input: 1.5, redis: 0 });
  });

  it.each(["input", "input=", "input=cheap", "input=-1", "coffee=3"])("cannot be %s", (text) => {
    expect(pricesSchema.safeParse(text).success).toBe(false);
  });
});
