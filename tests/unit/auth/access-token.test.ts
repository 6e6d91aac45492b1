import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { createAccessTokenVerifier } from "@/server/auth/access-token";
import { authenticateOrFail } from "@/server/auth/authenticate";
import { sessionCookie } from "@/server/auth/session-cookie";
import { AuthUnreachableError } from "@/server/auth/unreachable";

const ID = "3f9c1d4e-6f0a-4a8e-9d25-0f5f3c9a7b11";
const ISSUER = "https://project.supabase.co/auth/v1";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An auth server that publishes its keys and can be stopped. */
async function publicKeys() {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "one", alg: "ES256" }] });
  const state = { status: 200, fetched: 0 };
  const waiting: (() => void)[] = [];
  const server = createServer((_request, response) => {
    state.fetched += 1;
    response.writeHead(state.status).end(state.status === 200 ? keys : "<html>Bad gateway</html>", () => {
      for (const resolve of waiting.splice(0)) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** A token that expires in this many seconds, or, with null, never. */
  const token = (seconds: number | null, more: object = { iss: ISSUER }) => {
    const exp = seconds === null ? {} : { exp: Math.floor(Date.now() / 1_000) + seconds };
    return new SignJWT({
      role: "authenticated",
      email: "noa@example.com",
      aud: "authenticated",
      sub: ID,
      ...exp,
      ...more,
    })
      .setProtectedHeader({ alg: "ES256", kid: "one" })
      .sign(privateKey);
  };
  const nextFetch = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { url: `http://127.0.0.1:${port}`, token, state, nextFetch };
}

function verifierOf(supabaseUrl: string) {
  const clock = { at: 0, elapsed: () => clock.at };
  return { clock, verify: createAccessTokenVerifier({ supabaseUrl, issuer: ISSUER, jwtSecret: undefined, clock }) };
}

describe("createAccessTokenVerifier", () => {
  it("goes on with the keys it has while the auth server is away, and fetches them anew every ten minutes", async () => {
    const { url, token, state, nextFetch } = await publicKeys();
    const { verify, clock } = verifierOf(url);
    expect((await verify(await token(60)))?.id).toBe(ID);
    state.status = 503;
    clock.at = 600_001;
    const fetched = nextFetch();
    expect((await verify(await token(60)))?.id).toBe(ID);
    await fetched;
    expect((await verify(await token(60)))?.id).toBe(ID);
    expect(state.fetched).toBe(2);
  });

  it("does not take an outage for a bad token", async () => {
    const { url, token, state } = await publicKeys();
    state.status = 503;
    await expect(verifierOf(url).verify(await token(60))).rejects.toThrow(AuthUnreachableError);
    await expect(verifierOf("http://127.0.0.1:1").verify(await token(60))).rejects.toThrow(AuthUnreachableError);
  });

  it("answers null for a token that is over or forged", async () => {
    const [ours, other] = [await publicKeys(), await publicKeys()];
    const { verify } = verifierOf(ours.url);
    expect(await verify(await ours.token(-60))).toBeNull();
    expect(await verify(await other.token(60))).toBeNull();
    expect(await verify("no token")).toBeNull();
  });

  it("says whose a token was that is over, if that is asked, and nothing of a forged one", async () => {
    const [ours, other] = [await publicKeys(), await publicKeys()];
    const { verify } = verifierOf(ours.url);
    expect((await verify(await ours.token(-60), { evenExpired: true }))?.id).toBe(ID);
    expect(await verify(await other.token(-60), { evenExpired: true })).toBeNull();
    expect(await verify(await ours.token(-60, { iss: "https://other.example" }), { evenExpired: true })).toBeNull();
  });

  it.each<[string, number | null, object]>([
    ["never ends", null, { iss: ISSUER }],
    ["is another issuer's", 60, { iss: "https://other.supabase.co/auth/v1" }],
    ["is for another audience", 60, { aud: "anon" }],
    ["has another role", 60, { role: "service_role" }],
    ["is not valid yet", 60, { nbf: Math.floor(Date.now() / 1_000) + 600 }],
  ])("answers null for a token that %s, though the project's own key signed it", async (_what, seconds, more) => {
    const { url, token } = await publicKeys();
    expect(await verifierOf(url).verify(await token(seconds, more))).toBeNull();
  });

  it("accepts a token that names no issuer, as the embedded stack makes them", async () => {
    const { url, token } = await publicKeys();
    expect((await verifierOf(url).verify(await token(60, {})))?.id).toBe(ID);
  });
});

describe("authenticateOrFail", () => {
  const COOKIE = sessionCookie(false);
  const cookie = (session: object) => (name: string) =>
    name === COOKIE.name ? `base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}` : undefined;
  const options = { verify: async () => null, now: 1_000_000_000 };

  it("fails if a session should have been renewed and was not", async () => {
    const over = cookie({ access_token: "a", refresh_token: "r", expires_at: 999_000 });
    await expect(authenticateOrFail(COOKIE, over, options)).rejects.toThrow(AuthUnreachableError);
  });

  it.each([
    ["without a session", () => undefined],
    ["of a session that ends with its token", cookie({ access_token: "a", expires_at: 999_000 })],
    ["with a forged token", cookie({ access_token: "a", refresh_token: "r", expires_at: 1_001_000 })],
  ])("knows nobody %s", async (_name, readCookie) => {
    expect(await authenticateOrFail(COOKIE, readCookie, options)).toBeNull();
  });
});
