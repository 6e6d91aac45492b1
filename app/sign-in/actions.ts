"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { warmContext } from "@/app/warm-context";
import { FOLLOWED_COOKIE, FOLLOWED_COOKIE_OPTIONS } from "@/components/sign-in/followed-cookie";
import type { FormState } from "@/components/sign-in/form-state";
import {
  firstPath,
  HOME,
  NEW_PASSWORD,
  safeReturnPath,
  signInNotice,
  signInPath,
} from "@/components/sign-in/return-path";
import type { AccountResult } from "@/server/auth/accounts";
import { openAccounts } from "./accounts";

export async function signInAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  return proceed(await accounts.signIn({ email: form.get("email"), password: form.get("password") }), form);
}

export async function signUpAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  const account = { name: form.get("name"), email: form.get("email"), password: form.get("password") };
  const next = firstPath(form.get("next"));
  return proceed(await accounts.signUp(account, next), form, next);
}

export async function sendLinkAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  return proceed(await accounts.sendLink({ email: form.get("email") }, safeReturnPath(form.get("next"))), form);
}

export async function sendResetAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  return proceed(await accounts.sendReset({ email: form.get("email") }, NEW_PASSWORD), form);
}

export async function continueAsDemoAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  return proceed(await accounts.continueAsDemo(), form);
}

/** Signs in whoever followed the link of a mail and pressed the button there. */
export async function followLinkAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  const result = await accounts.followLink({ tokenHash: form.get("tokenHash"), type: form.get("type") });
  if (result.ok && result.choosesPassword) redirect(NEW_PASSWORD);
  if (result.ok) {
    (await cookies()).set(FOLLOWED_COOKIE, "1", FOLLOWED_COOKIE_OPTIONS);
    const next = safeReturnPath(form.get("next"));
    await warmContext(next);
    redirect(next);
  }
  if (result.problem === "linkOver") redirect(signInNotice(result.problem));
  return refused(result.problem, form);
}

export async function choosePasswordAction(_state: FormState, form: FormData): Promise<FormState> {
  const user = await getCurrentUser();
  if (user === null) redirect(signInPath(HOME, "reset"));
  const accounts = await openAccounts();
  return proceed(await accounts.choosePassword({ password: form.get("password") }, user, NEW_PASSWORD), form);
}

/** Signs out a person's other devices, where that failed after a new password. */
export async function endOthersAction(_state: FormState, form: FormData): Promise<FormState> {
  const accounts = await openAccounts();
  return proceed(await accounts.endOthers(), form);
}

/** Redirects to where the person was going, or returns what the form shows. */
async function proceed(
  result: AccountResult,
  form: FormData,
  next = safeReturnPath(form.get("next")),
): Promise<FormState> {
  if (!result.ok) return refused(result.problem, form, result.field);
  if (!result.signedIn) return { kind: "sent" };
  if (result.othersStay) return { kind: "othersStay" };
  await warmContext(next);
  redirect(next);
}

type Refused = Extract<FormState, { kind: "refused" }>;

function refused(problem: Refused["problem"], form: FormData, field: Refused["field"] = null): Refused {
  return {
    kind: "refused",
    problem,
    field,
    entered: { name: text(form.get("name")), email: text(form.get("email")) },
  };
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}
