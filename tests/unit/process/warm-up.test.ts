import { jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createAccessTokenVerifier, signAccessToken } from "@/server/auth/access-token";
import { warmUp } from "@/server/warm-up";
import { ManualTime } from "@/tests/support/manual-time";
import { createTestApp } from "@/tests/support/test-app";

const JWT_SECRET = "a-secret-that-is-long-enough-to-sign-with";
const ISSUER = "http://database.test/auth/v1";

function startApp(answer: () => Promise<Response>) {
  const clock = new ManualTime();
  const requests: { table: string; bearer: string }[] = [];
  const app = createTestApp({
    stack: { url: "http://database.test", publishableKey: "publishable" },
    clock,
    async databaseFetch(input, init) {
      const table = new URL(String(input)).pathname.split("/").at(-1) ?? "";
      requests.push({ table, bearer: new Headers(init?.headers).get("authorization")?.replace("Bearer ", "") ?? "" });
      return answer();
    },
  });
  const accessTokenOf = (userId: string) => signAccessToken({ userId, issuer: ISSUER, jwtSecret: JWT_SECRET, clock });
  const warm = () => warmUp({ services: app.services, accessTokenOf });
  return { ...app, clock, requests, warm };
}

const nothingFound = async () => Response.json([]);

describe("the warm-up", () => {
  it("reads every section once, as one person whose token only the database takes", async () => {
    const { warm, requests } = startApp(nothingFound);
    await warm();
    const tables = requests.map(({ table }) => table).sort();
    expect(tables).toEqual(["clarify_patterns", "clarify_sessions", "dreams", "reflections", "users"]);
    const [token = "", ...others] = new Set(requests.map(({ bearer }) => bearer));
    expect(others).toEqual([]);
    const { payload } = await jwtVerify(token, new TextEncoder().encode(JWT_SECRET), { currentDate: new Date(1_000) });
    expect(payload).toMatchObject({ role: "authenticated", aud: "authenticated", iat: 0, exp: 60 });
    const verify = createAccessTokenVerifier({
      supabaseUrl: "http://database.test",
      issuer: ISSUER,
      jwtSecret: JWT_SECRET,
      clock: new ManualTime(),
    });
    expect(await verify(token, { evenExpired: true })).toBeNull();
  });

  it.each([
    ["works", nothingFound],
    ["refuses", async () => Response.json({ code: "42501", message: "permission denied" }, { status: 401 })],
    ["is away", async () => Promise.reject(new TypeError("fetch failed"))],
  ])("counts and logs nothing when the database %s", async (_state, answer) => {
    const { warm, services, logLines } = startApp(answer);
    const before = await services.telemetry.snapshot();
    await warm();
    expect(await services.telemetry.snapshot()).toEqual(before);
    expect(logLines().map(({ msg }) => msg)).toEqual(["warmed up"]);
  });

  it("delays the start by half a second at most", async () => {
    const { warm, clock, requests } = startApp(() => new Promise(() => undefined));
    let done = false;
    const waiting = warm().then(() => {
      done = true;
    });
    await expect.poll(() => requests.length).toBe(5);
    await clock.advance(499);
    expect(done).toBe(false);
    await clock.advance(1);
    await waiting;
  });
});
