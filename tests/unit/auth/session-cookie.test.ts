import { createServerClient } from "@supabase/ssr";
import fc from "fast-check";
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
      const written = session(more);
      const jar = jarAfter(cookie.changes([], written));
      const { access_token, expires_at } = written;
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

describe("a cookie that somebody made up", () => {
  const cookie = sessionCookie(false);
  const base64 = (text: string) => `base64-${Buffer.from(text).toString("base64url")}`;
  const read = (jar: Record<string, string>) =>
    cookie.read((name) => (Object.hasOwn(jar, name) ? jar[name] : undefined));

  it.each<[string, Record<string, string>]>([
    ["is no base64", { [cookie.name]: "base64-%%%" }],
    ["is cut off within its base64", { [cookie.name]: base64(JSON.stringify(session())).slice(0, -7) }],
    [
      "holds bytes that are no text",
      { [cookie.name]: `base64-${Buffer.from([0xff, 0xfe, 0x00]).toString("base64url")}` },
    ],
    ["is a list", { [cookie.name]: base64("[]") }],
    ["has no token", { [cookie.name]: base64('{"expires_at":1}') }],
    ["has an object for a token", { [cookie.name]: base64('{"access_token":{},"expires_at":1}') }],
    ["reaches for the prototype", { [cookie.name]: base64('{"__proto__":{"access_token":"a","expires_at":1}}') }],
    ["begins with its second piece", { [`${cookie.name}.1`]: base64(JSON.stringify(session())) }],
    ["is nested without end", { [cookie.name]: base64(`${"[".repeat(50_000)}`) }],
  ])("is no session if it %s", async (_what, jar) => {
    expect(await read(jar)).toBeNull();
  });

  it("of a thousand pieces is read in no time", async () => {
    const jar = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${cookie.name}.${n}`, "x".repeat(3_000)]));
    const begun = performance.now();
    expect(await read(jar)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("is a session or none, never an error (property)", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.string({ unit: "binary" }).map((text) => `base64-${text}`),
      fc.jsonValue().map((json) => base64(JSON.stringify(json))),
    );
    const names = fc.constantFrom(cookie.name, `${cookie.name}.0`, `${cookie.name}.1`, `${cookie.name}.00`);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, value), async (jar) => {
        expect((await read(jar)) ?? { accessToken: "" }).toHaveProperty("accessToken");
      }),
    );
  }, 60_000);
});
