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

  it("lets six hundred attempts from a network through, however many addresses of it they come from", () => {
    const limit = new SignInLimit({ now: () => 0 });
    const attempts = (address: (n: number) => string) =>
      Array.from({ length: 601 }, (_, n) => limit.admits(from(address(n)), null)).filter(Boolean).length;
    expect(attempts((n) => `192.0.2.${n % 250}`)).toBe(600);
    expect(attempts((n) => `2001:db8:1:${n.toString(16)}::1`)).toBe(600);
    expect(limit.admits(from("192.0.3.1"), null)).toBe(true);
    expect(limit.admits(from("2001:db8:2::1"), null)).toBe(true);
  });

  it("does not count for a network what it refuses one address of it", () => {
    const limit = new SignInLimit({ now: () => 0 });
    for (let n = 0; n < 1_000; n++) limit.admits(from("192.0.2.1"), null);
    expect(limit.admits(from("192.0.2.2"), null)).toBe(true);
  });

  it("does not count for an address what it refuses at one account", () => {
    const limit = new SignInLimit({ now: () => 0 });
    for (let n = 0; n < 100; n++) limit.admits(from("192.0.2.1"), "noa@example.com");
    expect(limit.admits(from("192.0.2.1"), "tal@example.com")).toBe(true);
  });

  it("counts no mail that was not sent", () => {
    const limit = new SignInLimit({ now: () => 0 });
    for (let n = 0; n < 30; n++) {
      expect(limit.admitsMail(from("192.0.2.1"), "noa@example.com")).toBe(true);
      limit.returnMail(from("192.0.2.1"), "noa@example.com");
    }
  });

  it("lets four mails to a person through, whoever asks for them, and one more after ten minutes", () => {
    const clock = { at: 0, now: () => clock.at };
    const limit = new SignInLimit(clock);
    const mail = (n: number) =>
      limit.admitsMail(from(`192.0.2.${n}`), n % 2 === 0 ? "noa@example.com" : "Noa@example.com");
    expect([1, 2, 3, 4, 5].map(mail)).toEqual([true, true, true, true, false]);
    expect(limit.admitsMail(from("192.0.2.9"), "NOA@example.com")).toBe(false);
    clock.at += 10 * 60_000;
    expect([mail(1), mail(2)]).toEqual([true, false]);
  });

  it("lets twenty mails from an address through, whomever they go to", () => {
    const limit = new SignInLimit({ now: () => 0 });
    const mails = Array.from({ length: 21 }, (_, n) => limit.admitsMail(from("192.0.2.1"), `${n}@example.com`));
    expect(mails.filter(Boolean)).toHaveLength(20);
    expect(limit.admitsMail(from("192.0.2.1"), "tal@example.com")).toBe(false);
    expect(limit.admitsMail(from("192.0.2.2"), "tal@example.com")).toBe(true);
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
