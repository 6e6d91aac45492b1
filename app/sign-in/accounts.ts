import "server-only";
import { cookies, headers } from "next/headers";
import { z } from "zod";
import type { SignInProblem } from "@/components/sign-in/forms";
import { en } from "@/components/words/en";
import { createAuthClient } from "@/server/auth/auth-client";
import { endSession } from "@/server/auth/auth-server";
import { isSecure } from "@/server/auth/own-origin";
import { sessionCookie } from "@/server/auth/session-cookie";
import { getDeps } from "@/server/deps";

/** The result of an attempt to sign in: on failure, the problem and the field that it concerns. */
export type AccountResult = { ok: true } | { ok: false; problem: SignInProblem; field?: "name" | "email" | "password" };

/** A schema's message is the name of the problem; the form has the words. */
const problem = (name: SignInProblem) => name;
const problems = z.custom<SignInProblem>((name) => Object.hasOwn(en.signIn.problems, String(name)));

const email = z
  .string()
  .trim()
  .pipe(z.email(problem("emailIncomplete")));
const password = z.string().min(8, problem("passwordShort")).max(72, problem("passwordLong"));

const credentials = z.object({ email, password: z.string().min(1, problem("passwordMissing")) });
const registration = z.object({
  name: z.string().trim().min(1, problem("nameMissing")).max(80, problem("nameLong")),
  email,
  password,
});

export async function signIn(input: unknown): Promise<AccountResult> {
  const parsed = credentials.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  if (!(await admits(parsed.data.email))) return { ok: false, problem: "tooManyAttempts" };
  const { error } = await (await authClient()).signInWithPassword(parsed.data);
  return error ? { ok: false, problem: signInProblem(error.code) } : { ok: true };
}

export async function signUp(input: unknown): Promise<AccountResult> {
  const parsed = registration.safeParse(input);
  if (!parsed.success) return invalid(parsed.error);
  const { name, ...account } = parsed.data;
  if (!(await admits(account.email))) return { ok: false, problem: "tooManyAttempts" };
  const { data, error } = await (await authClient()).signUp({ ...account, options: { data: { name } } });
  if (error) return signUpFailure(error.code);
  if (data.session === null) {
    return { ok: false, problem: "followLink" };
  }
  return { ok: true };
}

/** Ends the session on this device, and at the auth server if it can be reached. */
export async function signOut(): Promise<void> {
  const { env, background } = getDeps();
  const jar = await cookies();
  const cookie = sessionCookie(isSecure(await headers(), env));
  const tokens = await cookie.read((name) => jar.get(name)?.value);
  const present = jar.getAll().map(({ name }) => name);
  // Set rather than deleted: a browser removes a `__Host-` cookie only by one that has all of its attributes.
  for (const { name } of cookie.changes(present, null)) jar.set(name, "", { ...cookie.options, maxAge: 0 });
  if (tokens === null) return;
  background.run("end session", () =>
    endSession({ url: env.SUPABASE_URL, publishableKey: env.SUPABASE_PUBLISHABLE_KEY }, tokens.accessToken),
  );
}

/** Signs in to the shared demo account, if there is one. */
export async function continueAsDemo(): Promise<AccountResult> {
  const { DEMO_EMAIL, DEMO_PASSWORD } = getDeps().env;
  if (DEMO_EMAIL === undefined || DEMO_PASSWORD === undefined) {
    return { ok: false, problem: "noDemo" };
  }
  return signIn({ email: DEMO_EMAIL, password: DEMO_PASSWORD });
}

/** The demo account's password is public, and everybody behind one address may use it. */
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
  const named = problems.safeParse(issue?.message).data ?? "invalid";
  return field.success ? { ok: false, problem: named, field: field.data } : { ok: false, problem: named };
}

function signInProblem(code: string | undefined): SignInProblem {
  if (code === "invalid_credentials") return "wrongPair";
  if (code === "email_not_confirmed") return "unconfirmed";
  return code === "over_request_rate_limit" ? "tooManyAttempts" : "unreachable";
}

function signUpFailure(code: string | undefined): AccountResult {
  if (code === "user_already_exists" || code === "email_exists")
    return { ok: false, field: "email", problem: "exists" };
  if (code === "weak_password") return { ok: false, field: "password", problem: "weak" };
  return { ok: false, problem: code === "over_request_rate_limit" ? "tooManyAttempts" : "unreachable" };
}
