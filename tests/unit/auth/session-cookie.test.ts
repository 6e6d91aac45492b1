import { createServerClient } from "@supabase/ssr";
import { describe, expect, it } from "vitest";
import type { CookieChange } from "@/server/auth/session-cookie";
import { freshnessOf, sessionCookie } from "@/server/auth/session-cookie";

const session = (padding = 0) => ({
  access_token: `header.${"x".repeat(padding)}.signature`,
  refresh_token: "refresh",
  token_type: "bearer",
  expires_in: 3_600,
  expires_at: Math.floor(Date.now() / 1_000) + 3_600,
  user: { id: "noa", name: "Noa \u{1f319}" },
});

/** The cookies of a browser after an answer. */
function jarAfter(changes: CookieChange[], before: Record<string, string> = {}): Map<string, string> {
  const jar = new Map(Object.entries(before));
  for (const { name, value } of changes) value === null ? jar.delete(name) : jar.set(name, value);
  return jar;
}

describe.each([
  ["HTTP", false],
  ["HTTPS", true],
])("the session's cookies over %s", (_scheme, secure) => {
  const cookie = sessionCookie(secure);

  it.each([0, 9_000])(
    "writes what is read again, and what Supabase's client reads (%i characters more)",
    async (more) => {
      const jar = jarAfter(cookie.changes([], session(more)));
      const { access_token, expires_at } = session(more);
      expect(await cookie.read((name) => jar.get(name))).toEqual({
        accessToken: access_token,
        expiresAt: expires_at,
        refreshToken: "refresh",
      });
      const client = createServerClient("http://127.0.0.1:1", "key", {
        cookieOptions: { name: cookie.name },
        cookies: { getAll: () => [...jar].map(([name, value]) => ({ name, value })), setAll: () => undefined },
      });
      expect((await client.auth.getSession()).data.session?.access_token).toBe(access_token);
    },
  );

  it("leaves no piece of a longer session behind, and touches no other cookie", async () => {
    const long = jarAfter(cookie.changes([], session(9_000)), { theme: "dark", [`${cookie.name}-else`]: "1" });
    const jar = jarAfter(cookie.changes([...long.keys()], session()), Object.fromEntries(long));
    expect([...jar.keys()].sort()).toEqual([cookie.name, `${cookie.name}-else`, "theme"]);
  });

  it("takes all of a session away", async () => {
    const long = jarAfter(cookie.changes([], session(9_000)), { theme: "dark" });
    const jar = jarAfter(cookie.changes([...long.keys()], null), Object.fromEntries(long));
    expect([...jar.keys()]).toEqual(["theme"]);
  });
});

it("reads over HTTPS only cookies that a page of this host can have set", async () => {
  const planted = jarAfter(sessionCookie(false).changes([], session()));
  expect(await sessionCookie(true).read((name) => planted.get(name))).toBeNull();
});

describe("freshnessOf", () => {
  it.each([
    [3_600, "good"],
    [61, "good"],
    [60, "ending"],
    [6, "ending"],
    [5, "over"],
    [-3_600, "over"],
  ])("%i seconds before its end a token is %s", (left, freshness) => {
    expect(freshnessOf({ expiresAt: 1_000_000 + left }, 1_000_000_000)).toBe(freshness);
  });
});
