"use server";

import { redirect } from "next/navigation";
import type { FormState } from "@/components/sign-in/forms";
import { safeReturnPath } from "@/components/sign-in/return-path";
import type { AccountResult } from "./accounts";
import { continueAsDemo, signIn, signUp } from "./accounts";

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

/** Redirects to where the person was going, or returns what the form shows. */
function proceed(result: AccountResult, form: FormData): FormState {
  if (result.ok) redirect(safeReturnPath(form.get("next")));
  return {
    problem: result.problem,
    field: result.field ?? null,
    entered: { name: text(form.get("name")), email: text(form.get("email")) },
  };
}

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value : "";
}
