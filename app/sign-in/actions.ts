"use server";

import { redirect } from "next/navigation";
import type { FormState } from "@/components/sign-in/forms";
import { safeReturnPath } from "@/components/sign-in/return-path";
import type { AccountResult } from "./accounts";
import { continueAsDemo, signIn, signOut, signUp } from "./accounts";

export async function signInAction(_state: FormState, form: FormData): Promise<FormState> {
  return proceed(await signIn({ email: form.get("email"), password: form.get("password") }), form);
}

export async function signUpAction(_state: FormState, form: FormData): Promise<FormState> {
  const account = { name: form.get("name"), email: form.get("email"), password: form.get("password") };
  return proceed(await signUp(account), form);
}

export async function continueAsDemoAction(_state: FormState, form: FormData): Promise<FormState> {
  return proceed(await continueAsDemo(), form);
}

/** Where to go then is up to the page: a redirect from here would cut off what it has to tidy up. */
export async function signOutAction(): Promise<void> {
  await signOut();
}

/** Goes on to where the person was heading, or hands back what the form shows. */
function proceed(result: AccountResult, form: FormData): FormState {
  if (result.ok) redirect(safeReturnPath(form.get("next")));
  return {
    message: result.message,
    field: result.field ?? null,
    entered: { name: text(form.get("name")), email: text(form.get("email")) },
  };
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}
