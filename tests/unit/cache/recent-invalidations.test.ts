import { describe, expect, it } from "vitest";
import { RecentInvalidations } from "@/server/cache/recent-invalidations";

describe("recent invalidations", () => {
  it("are kept for ten seconds after the last one of their name", () => {
    let now = 0;
    const recent = new RecentInvalidations({ elapsed: () => now });
    recent.add(["a", "b"]);
    now = 6_000;
    recent.add(["b", "c"]);
    now = 9_999;
    expect(recent.names().sort()).toEqual(["a", "b", "c"]);
    now = 10_000;
    expect(recent.names()).toEqual(["b", "c"]);
    now = 16_000;
    expect(recent.names()).toEqual([]);
  });

  it("are 100,000 at most: the oldest are forgotten", () => {
    const recent = new RecentInvalidations({ elapsed: () => 0 });
    recent.add(Array.from({ length: 100_000 }, (_, n) => `k${n}`));
    recent.add(["one more"]);
    const names = recent.names();
    expect(names).toHaveLength(100_000);
    expect([names[0], names.at(-1)]).toEqual(["k1", "one more"]);
  });
});
