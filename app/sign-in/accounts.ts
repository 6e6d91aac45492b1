import "server-only";
import type { CookieMethodsServer } from "@supabase/ssr";
import { cookies, headers } from "next/headers";
import { Accounts } from "@/server/auth/accounts";
import { askingFor } from "@/server/auth/asking-for";
import { createAuthClient } from "@/server/auth/auth-client";
import { endSession } from "@/server/auth/auth-server";
import { isSecure, publicOrigin } from "@/server/auth/own-origin";
import { sessionCookie } from "@/server/auth/session-cookie";
import { getDeps } from "@/server/deps";

/** The accounts for the visitor of this request. The session is stored in its cookies. */
export async function openAccounts(): Promise<Accounts> {
  const { env, demo, signInLimit: limit, clock, background, revocations, logger, metrics } = getDeps();
  const { SUPABASE_URL: supabaseUrl } = env;
  const [jar, asked] = await Promise.all([cookies(), headers()]);
  const secure = isSecure(asked, env);
  const asking = askingFor(asked, env);
  const kept: CookieMethodsServer = {
    getAll: () => jar.getAll(),
    setAll: (changed) => {
      for (const { name, value, options } of changed) jar.set(name, value, options);
    },
  };
  return new Accounts({
    open: ({ fetch, forgets = false } = {}) =>
      createAuthClient({ supabaseUrl, asking, secure, fetch, cookies: forgets ? FORGOTTEN : kept }),
    headers: asked,
    origin: publicOrigin(asked, env),
    limit,
    registration: env.REGISTRATION,
    sharedEmail: env.DEMO_EMAIL,
    openDemoCopy: demo.kind === "ready" ? demo.openCopy : null,
    clock,
    background,
    revocations,
    logger: logger.child({ part: "accounts" }),
    metrics,
  });
}

const FORGOTTEN: CookieMethodsServer = { getAll: () => [], setAll: () => undefined };

/** Ends the session on this device, and at the auth server if it can be reached. Its token is refused from now on. */
export async function signOut(): Promise<void> {
  const { env, background, clock, verifyAccessToken, revocations } = getDeps();
  const jar = await cookies();
  const cookie = sessionCookie(isSecure(await headers(), env));
  const tokens = await cookie.read((name) => jar.get(name)?.value);
  const present = jar.getAll().map(({ name }) => name);
  // Set rather than deleted: a browser removes a `__Host-` cookie only by one that has all of its attributes.
  for (const { name } of cookie.changes(present, null)) jar.set(name, "", { ...cookie.options, maxAge: 0 });
  if (tokens === null) return;
  const user = await verifyAccessToken(tokens.accessToken).catch(() => null);
  if (user?.session) await revocations.revoke(user.session);
  background.run("end session", () =>
    endSession({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY }, tokens.accessToken, clock),
  );
}
