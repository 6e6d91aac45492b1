import { describe, expect, it } from "vitest";
import { clientAddress, SignInLimit } from "@/server/auth/sign-in-limit";

const from = (address: string) => new Headers({ "x-forwarded-for": address });

describe("SignInLimit", () => {
  it("lets ten attempts at an account through from one address, and one more after six seconds", () => {
    const clock = { at: 0, now: () => clock.at };
    const limit = new SignInLimit(clock);
    const attempt = (n: number) => limit.admits(from("192.0.2.1"), n % 2 === 0 ? "noa@example.com" : "Noa@Example.com");
    expect(Array.from({ length: 11 }, (_, n) => attempt(n)).filter(Boolean)).toHaveLength(10);
    expect(limit.admits(from("192.0.2.1"), "tal@example.com")).toBe(true);
    expect(limit.admits(from("192.0.2.2"), "noa@example.com")).toBe(true);
    clock.at += 6_000;
    expect([attempt(1), attempt(1)]).toEqual([true, false]);
  });

  it("admits sixty attempts from an address, at any account and with any earlier hops", () => {
    const limit = new SignInLimit({ now: () => 0 });
    const attempt = (n: number) =>
      limit.admits(from(`10.0.0.${n}, 192.0.2.1`), n % 2 === 0 ? `${n}@example.com` : null);
    expect(Array.from({ length: 61 }, (_, n) => attempt(n)).filter(Boolean)).toHaveLength(60);
    expect(limit.admits(from("192.0.2.2"), null)).toBe(true);
  });
});

describe("clientAddress", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["10.0.0.1, 192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["nonsense", "nonsense"],
    ["", ""],
  ])("of %j is %j", (header, address) => {
    expect(clientAddress(from(header))).toBe(address);
  });
});
