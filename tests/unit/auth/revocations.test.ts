import { describe, expect, it } from "vitest";
import type { AuthenticatedUser, TokenSession } from "@/server/auth/access-token";
import { createMemoryRevocations, refusingRevoked } from "@/server/auth/revocations";

const NOW = Date.UTC(2026, 0, 1);
const SECONDS = NOW / 1_000;

function session(id: string, more: Partial<TokenSession> = {}): TokenSession {
  return { id, userId: "noa", issuedAt: SECONDS - 600, expiresAt: SECONDS + 3_000, ...more };
}

function world() {
  const clock = { at: NOW, now: () => clock.at };
  return { clock, revocations: createMemoryRevocations(clock) };
}

describe("a session that was signed out", () => {
  it("is refused until a token that was issued meanwhile has run out, and no other one is", async () => {
    const { clock, revocations } = world();
    const [phone, laptop] = [session("phone"), session("laptop")];
    const renewed = session("phone", { issuedAt: SECONDS + 60, expiresAt: SECONDS + 3_660 });
    await revocations.revoke(phone);
    expect(await revocations.isRevoked(phone)).toBe(true);
    expect(await revocations.isRevoked(laptop)).toBe(false);
    clock.at = NOW + 3_660_000;
    expect(await revocations.isRevoked(renewed)).toBe(true);
    clock.at = NOW + 3_720_001;
    expect(await revocations.isRevoked(renewed)).toBe(false);
  });
});

describe("a new password", () => {
  it("ends every session of the person that began before it, but the one that it was chosen in", async () => {
    const { clock, revocations } = world();
    const [here, elsewhere] = [session("here"), session("elsewhere")];
    await revocations.revokeOthers(here);
    expect(await revocations.isRevoked(elsewhere)).toBe(true);
    expect(await revocations.isRevoked(session("of this second", { issuedAt: SECONDS }))).toBe(true);
    expect(await revocations.isRevoked(here)).toBe(false);
    expect(await revocations.isRevoked(session("another person's", { userId: "tal" }))).toBe(false);
    clock.at = NOW + 5_000;
    expect(await revocations.isRevoked(session("new", { issuedAt: SECONDS + 5 }))).toBe(false);
    expect(await revocations.isRevoked(elsewhere)).toBe(true);
  });
});

describe("refusingRevoked", () => {
  const noa: AuthenticatedUser = { id: "noa", email: "noa@example.com", accessToken: "token" };

  it("lets nobody in by a token of a session that has ended", async () => {
    const { revocations } = world();
    const verify = refusingRevoked(async () => ({ ...noa, session: session("phone") }), revocations);
    expect(await verify("token")).toMatchObject({ id: "noa" });
    await revocations.revoke(session("phone"));
    expect(await verify("token")).toBeNull();
  });

  it("leaves what is no token, and a token that names no session, to the verifier", async () => {
    const { revocations } = world();
    expect(await refusingRevoked(async () => null, revocations)("token")).toBeNull();
    expect(await refusingRevoked(async () => noa, revocations)("token")).toEqual(noa);
  });
});
