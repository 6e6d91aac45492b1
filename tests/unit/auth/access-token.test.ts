import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
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
  let { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  let kid = "one";
  const published = async () => ({ ...(await exportJWK(publicKey)), kid, alg: "ES256" });
  let keys = JSON.stringify({ keys: [await published()] });
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
      .setProtectedHeader({ alg: "ES256", kid })
      .sign(privateKey);
  };
  /** From now on signs with another key, and publishes only that. */
  const rotate = async () => {
    ({ publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true }));
    kid = "two";
    keys = JSON.stringify({ keys: [await published()] });
  };
  const nextFetch = () => new Promise<void>((resolve) => waiting.push(resolve));
  return {
    ...{ url: `http://127.0.0.1:${port}`, token, state, nextFetch, rotate, published },
    pem: () => exportSPKI(publicKey),
  };
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

  it("accepts a new key at once, and no token of the withdrawn one after ten minutes", async () => {
    const { url, token, rotate, nextFetch } = await publicKeys();
    const { verify, clock } = verifierOf(url);
    const old = await token(3_600);
    expect((await verify(old))?.id).toBe(ID);
    await rotate();
    // A key that is not known is looked up, unless that was done within the last half minute.
    await expect.poll(async () => (await verifierOf(url).verify(await token(60)))?.id, { timeout: 5_000 }).toBe(ID);
    expect(await verifierOf(url).verify(old)).toBeNull();
    clock.at = 600_001;
    const fetched = nextFetch();
    await verify(old);
    await fetched;
    await expect.poll(() => verify(old), { timeout: 5_000 }).toBeNull();
  });

  describe("whatever a forger writes into the token", () => {
    const encode = (part: unknown) =>
      Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
    const claims = { sub: ID, email: "noa@example.com", role: "authenticated", aud: "authenticated", iss: ISSUER };
    const good = { ...claims, exp: Math.floor(Date.now() / 1_000) + 600 };
    const hs256 = (key: string | Uint8Array) =>
      new SignJWT(good)
        .setProtectedHeader({ alg: "HS256", kid: "one" })
        .sign(typeof key === "string" ? new TextEncoder().encode(key) : key);

    it("knows nobody by a token without a signature", async () => {
      const { url } = await publicKeys();
      for (const alg of ["none", "None", "NONE", "nOnE", "", null, undefined, ["ES256"], { ES256: 1 }]) {
        for (const signature of ["", "x", encode("signature")]) {
          const forged = `${encode({ alg, typ: "JWT" })}.${encode(good)}.${signature}`;
          expect(await verifierOf(url).verify(forged), JSON.stringify(alg)).toBeNull();
        }
      }
    });

    it("knows nobody by one that is signed with the public key as if it were a secret", async () => {
      const { url, pem, published } = await publicKeys();
      const key = await published();
      for (const secret of [await pem(), (await pem()).trim(), JSON.stringify(key), key.x ?? "", key.y ?? ""]) {
        expect(await verifierOf(url).verify(await hs256(secret))).toBeNull();
      }
    });

    it("knows nobody by a key that the token brings along, or says where to find", async () => {
      const { url } = await publicKeys();
      const other = await generateKeyPair("ES256", { extractable: true });
      const jwk = await exportJWK(other.publicKey);
      for (const more of [{ jwk }, { jku: "http://127.0.0.1:1/keys" }, { x5u: "http://127.0.0.1:1/" }]) {
        for (const kid of ["one", "../../one", "' or 1=1 --", "__proto__", "x".repeat(10_000)]) {
          const signing = new SignJWT(good).setProtectedHeader({ alg: "ES256", kid, ...more });
          expect(await verifierOf(url).verify(await signing.sign(other.privateKey))).toBeNull();
        }
      }
    });

    it("checks a shared secret as strictly, and no other algorithm against it", async () => {
      const jwtSecret = "a-shared-secret-of-some-length-for-tests";
      const clock = { elapsed: () => 0 };
      const verify = createAccessTokenVerifier({ supabaseUrl: "http://127.0.0.1:1", issuer: ISSUER, jwtSecret, clock });
      expect((await verify(await hs256(jwtSecret)))?.id).toBe(ID);
      expect(await verify(await hs256(`${jwtSecret} `))).toBeNull();
      const { token } = await publicKeys();
      expect(await verify(await token(60))).toBeNull();
      expect(await verify(`${encode({ alg: "none" })}.${encode(good)}.`)).toBeNull();
      for (const alg of ["HS384", "HS512"]) {
        const key = new TextEncoder().encode(jwtSecret.repeat(2));
        const other = createAccessTokenVerifier({
          ...{ supabaseUrl: "http://127.0.0.1:1", issuer: ISSUER, jwtSecret: jwtSecret.repeat(2), clock },
        });
        expect(await other(await new SignJWT(good).setProtectedHeader({ alg }).sign(key))).toBeNull();
      }
    });

    it.each<[string, object]>([
      ["no person's id", { sub: "admin" }],
      ["no id", { sub: undefined }],
      ["a list of roles", { role: ["authenticated", "service_role"] }],
      ["the anonymous role", { role: "anon" }],
      ["an end that is a text", { exp: "2999-01-01" }],
      ["a beginning that is a text", { nbf: "soon" }],
      ["an issuer that only begins like ours", { iss: `${ISSUER}.example` }],
      ["a list of issuers", { iss: [ISSUER] }],
      ["no audience", { aud: undefined }],
      ["no e-mail address", { email: "noa" }],
      ["a session id without end", { session_id: "x".repeat(101) }],
    ])("knows nobody by claims with %s, though the project's own key signed them", async (_what, change) => {
      const { url, token } = await publicKeys();
      const { sub, email, role, aud, iss } = claims;
      expect(await verifierOf(url).verify(await token(60, { sub, email, role, aud, iss, ...change }))).toBeNull();
    });

    it("is refused without an error, any bytes at all (property)", async () => {
      const { url, token } = await publicKeys();
      const { verify } = verifierOf(url);
      const [header = "", body = "", signature = ""] = (await token(60)).split(".");
      expect((await verify([header, body, signature].join(".")))?.id).toBe(ID);
      const part = fc.oneof(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.jsonValue().map(encode),
        fc.constantFrom(header, body, signature, "", "e30", "x".repeat(10_000)),
      );
      const parts = fc
        .array(part, { maxLength: 6 })
        .filter((all) => all.join(".") !== [header, body, signature].join("."));
      await fc.assert(
        fc.asyncProperty(parts, async (all) => {
          expect(await verify(all.join("."))).toBeNull();
        }),
      );
    }, 60_000);
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
