import "server-only";
import { cookies, headers } from "next/headers";
import { z } from "zod";
import { createAuthClient } from "@/server/auth/auth-client";
import { endSession } from "@/server/auth/auth-server";
import { isSecure } from "@/server/auth/own-origin";
import { sessionCookie } from "@/server/auth/session-cookie";
import { AUTH_UNREACHABLE } from "@/server/auth/unreachable";
import { getDeps } from "@/server/deps";

/** What came of an attempt to sign in: on failure, words for the person and the field they concern. */
export type AccountResult = { ok: true } | { ok: false; message: string; field?: "name" | "email" | "password" };

const email = z.string().trim().pipe(z.email("Please enter a complete e-mail address"));
const password = z
  .string()
  .min(8, "A password needs at least 8 characters")
  .max(72, "A password can have at most 72 characters");

const credentials = z.object({ email, password: z.string().min(1, "Please enter your password") });
const registration = z.object({
  name: z.string().trim().min(1, "Please tell us what to call you").max(80, "A name can have at most 80 characters"),
  email,
  password,
});

export async function signIn(input: unknown): Promise<AccountResult> {
  const parsed = credentials.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  if (!(await admits(parsed.data.email))) return { ok: false, message: TOO_MANY_ATTEMPTS };
  const { error } = await (await authClient()).signInWithPassword(parsed.data);
  return error ? { ok: false, message: signInMessage(error.code) } : { ok: true };
}

export async function signUp(input: unknown): Promise<AccountResult> {
  const parsed = registration.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  const { name, ...account } = parsed.data;
  if (!(await admits(account.email))) return { ok: false, message: TOO_MANY_ATTEMPTS };
  const { data, error } = await (await authClient()).signUp({ ...account, options: { data: { name } } });
  if (error) return signUpFailure(error.code);
  if (data.session === null) {
    return { ok: false, message: "Almost there: please follow the link that we have sent to your e-mail address." };
  }
  return { ok: true };
}

/** Ends the session on this device: here in any case, and at the auth server where that can be reached. */
export async function signOut(): Promise<void> {
  const { env, background } = getDeps();
  const jar = await cookies();
  const cookie = sessionCookie(isSecure(await headers(), env));
  const tokens = await cookie.read((name) => jar.get(name)?.value);
  const present = jar.getAll().map(({ name }) => name);
  // Set rather than deleted: a browser takes a `__Host-` cookie away only by one that has all of its attributes.
  for (const { name } of cookie.changes(present, null)) jar.set(name, "", { ...cookie.options, maxAge: 0 });
  if (tokens === null) return;
  background.run("end session", () =>
    endSession({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY }, tokens.accessToken),
  );
}

/** Signs in to the shared demo account, where there is one. */
export async function continueAsDemo(): Promise<AccountResult> {
  const { DEMO_EMAIL, DEMO_PASSWORD } = getDeps().env;
  if (DEMO_EMAIL === undefined || DEMO_PASSWORD === undefined) {
    return { ok: false, message: "There is no demo account here." };
  }
  return signIn({ email: DEMO_EMAIL, password: DEMO_PASSWORD });
}

/** The demo account's password is no secret, and everybody behind one address may continue as it. */
async function admits(email: string): Promise<boolean> {
  const { signInLimit, env } = getDeps();
  const shared = email.toLowerCase() === env.DEMO_EMAIL?.toLowerCase();
  return signInLimit.admits(await headers(), shared ? null : email);
}

async function authClient() {
  const { env } = getDeps();
  const jar = await cookies();
  const client = createAuthClient({
    supabaseUrl: env.SUPABASE_URL,
    publishableKey: env.SUPABASE_PUBLISHABLE_KEY,
    secure: isSecure(await headers(), env),
    cookies: {
      getAll: () => jar.getAll(),
      setAll: (changed) => {
        for (const { name, value, options } of changed) jar.set(name, value, options);
      },
    },
  });
  return client.auth;
}

function invalid(error: z.ZodError): AccountResult {
  const issue = error.issues[0];
  const field = z.enum(["name", "email", "password"]).safeParse(issue?.path[0]);
  const message = `${issue?.message ?? "Please check what you entered"}.`;
  return field.success ? { ok: false, message, field: field.data } : { ok: false, message };
}

const TOO_MANY_ATTEMPTS = "Too many attempts. Please wait a minute and try again.";

function signInMessage(code: string | undefined): string {
  if (code === "invalid_credentials") return "This e-mail address and password do not belong together.";
  if (code === "email_not_confirmed") return "Please confirm your e-mail address first; we have sent you a link.";
  if (code === "over_request_rate_limit") return TOO_MANY_ATTEMPTS;
  return AUTH_UNREACHABLE;
}

function signUpFailure(code: string | undefined): AccountResult {
  if (code === "user_already_exists" || code === "email_exists") {
    return { ok: false, field: "email", message: "There is already an account with this address. Sign in instead." };
  }
  if (code === "weak_password") {
    return { ok: false, field: "password", message: "This password is too easy to guess. Please choose a longer one." };
  }
  if (code === "over_request_rate_limit") {
    return { ok: false, message: TOO_MANY_ATTEMPTS };
  }
  return { ok: false, message: AUTH_UNREACHABLE };
}
