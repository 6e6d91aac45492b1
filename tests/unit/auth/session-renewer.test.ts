import { describe, expect, it } from "vitest";
import type { AuthSession, Renewal } from "@/server/auth/auth-server";
import { SessionRenewer } from "@/server/auth/session-renewer";
import { AuthUnreachableError } from "@/server/auth/unreachable";

const NOW = Date.UTC(2026, 0, 1);

function session(name: string): AuthSession {
  return { access_token: name, refresh_token: `${name}-refresh`, expires_in: 3_600, expires_at: NOW / 1_000 + 3_600 };
}

/** An auth server that answers when the test says so. */
function world(isOurs: () => Promise<boolean> = async () => true) {
  const clock = { at: NOW, now: () => clock.at };
  const asked: { token: string; answer(renewal: Renewal): void }[] = [];
  const work: Promise<void>[] = [];
  const sessions = new SessionRenewer({
    renew: (token) => new Promise((answer) => asked.push({ token, answer })),
    isOurs,
    clock,
    background: { run: (_name, task) => void work.push(task()) },
  });
  const settle = (secondsLeft: number, refreshToken: string | null = "refresh") =>
    sessions.settle({ accessToken: "access", expiresAt: NOW / 1_000 + secondsLeft, refreshToken });
  /** Waits until every request under way has asked what it asks. */
  const underWay = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { clock, asked, settle, underWay, idle: () => Promise.all(work) };
}

describe("SessionRenewer", () => {
  it("makes no request while the token is valid", async () => {
    const { settle, asked } = world();
    expect(await settle(61)).toEqual({ kind: "kept" });
    expect(asked).toHaveLength(0);
  });

  it("renews behind the answer while there is time, and hands the session to the next request", async () => {
    const { settle, asked, idle } = world();
    expect(await settle(30)).toEqual({ kind: "kept" });
    expect(await settle(30)).toEqual({ kind: "kept" });
    expect(asked).toHaveLength(1);
    asked[0]?.answer({ kind: "renewed", session: session("new") });
    await idle();
    expect(await settle(29)).toEqual({ kind: "renewed", session: session("new") });
    expect(asked).toHaveLength(1);
  });

  it("never waits for the auth server while the token is good, though it is away", async () => {
    const { settle, asked, idle } = world();
    expect(await settle(30)).toEqual({ kind: "kept" });
    asked[0]?.answer({ kind: "unreachable" });
    await idle();
    expect(await settle(6)).toEqual({ kind: "kept" });
  });

  it("keeps a session that cannot be renewed for as long as its token is good", async () => {
    const { settle, asked, idle } = world();
    await settle(30);
    asked[0]?.answer({ kind: "refused" });
    await idle();
    expect(await settle(29)).toEqual({ kind: "kept" });
    expect(await settle(0)).toEqual({ kind: "ended" });
  });

  it("exchanges a token once for all the requests that carry it", async () => {
    const { settle, asked, underWay } = world();
    const waiting = Array.from({ length: 50 }, () => settle(-10));
    await underWay();
    expect(asked.map(({ token }) => token)).toEqual(["refresh"]);
    asked[0]?.answer({ kind: "renewed", session: session("new") });
    for (const state of await Promise.all(waiting)) expect(state).toEqual({ kind: "renewed", session: session("new") });
  });

  it("does not mix up people", async () => {
    const { settle, asked, underWay } = world();
    const [noa, tal] = [settle(-10, "noa"), settle(-10, "tal")];
    await underWay();
    for (const { token, answer } of asked) answer({ kind: "renewed", session: session(token) });
    expect(await noa).toEqual({ kind: "renewed", session: session("noa") });
    expect(await tal).toEqual({ kind: "renewed", session: session("tal") });
  });

  it("reports an outage as unknown, and asks again after two seconds", async () => {
    const { settle, asked, idle, clock, underWay } = world();
    const first = settle(-10);
    await underWay();
    asked[0]?.answer({ kind: "unreachable" });
    expect(await first).toEqual({ kind: "unknown" });
    await idle();
    expect(await settle(-10)).toEqual({ kind: "unknown" });
    expect(asked).toHaveLength(1);
    clock.at += 2_000;
    const again = settle(-12);
    await underWay();
    expect(asked).toHaveLength(2);
    asked[1]?.answer({ kind: "renewed", session: session("new") });
    expect(await again).toEqual({ kind: "renewed", session: session("new") });
  });

  it("hands out a renewed session for two minutes, and then lets the auth server decide", async () => {
    const { settle, asked, idle, clock, underWay } = world();
    const first = settle(-10);
    await underWay();
    asked[0]?.answer({ kind: "renewed", session: session("new") });
    await first;
    await idle();
    clock.at += 120_000;
    const late = settle(-10);
    await underWay();
    asked[1]?.answer({ kind: "refused" });
    expect(await late).toEqual({ kind: "ended" });
  });

  it("ends a session without a refresh token with its token", async () => {
    const { settle, asked } = world();
    expect(await settle(30, null)).toEqual({ kind: "kept" });
    expect(await settle(0, null)).toEqual({ kind: "ended" });
    expect(asked).toHaveLength(0);
  });

  it("ends a session whose token the project never signed, and makes no request", async () => {
    const { settle, asked } = world(async () => false);
    expect(await settle(-10)).toEqual({ kind: "ended" });
    expect(await settle(30)).toEqual({ kind: "kept" });
    expect(asked).toEqual([]);
  });

  it("reports a token that cannot be checked as unknown, and makes no request", async () => {
    const { settle, asked } = world(() => Promise.reject(new AuthUnreachableError()));
    expect(await settle(-10)).toEqual({ kind: "unknown" });
    expect(await settle(30)).toEqual({ kind: "kept" });
    expect(asked).toEqual([]);
  });
});
