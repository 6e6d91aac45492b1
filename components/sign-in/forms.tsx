"use client";

import { useActionState, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/form-field";

interface AccountFormProps {
  mode: "sign-in" | "sign-up";
  action: FormAction;
  next: string;
}

/** Signs in, or opens an account. Works before the page's scripts have loaded, too. */
export function AccountForm({ mode, action, next }: AccountFormProps) {
  const [state, submit, pending] = useActionState<FormState, FormData>(action, null);
  const form = useRef<HTMLFormElement>(null);
  const signingUp = mode === "sign-up";

  useEffect(() => {
    if (state?.field) form.current?.querySelector<HTMLInputElement>(`[name="${state.field}"]`)?.focus();
  }, [state]);

  const errorOf = (field: "name" | "email" | "password") => (state?.field === field ? state.message : undefined);

  return (
    <form ref={form} action={submit} className="flex flex-col gap-4" noValidate>
      <input type="hidden" name="next" value={next} />
      {state !== null && state.field === null && (
        <p role="alert" className="rounded-xl bg-ember-wash px-3.5 py-2.5 text-ember text-sm">
          {state.message}
        </p>
      )}
      {signingUp && (
        <TextField
          name="name"
          label="What should we call you?"
          autoComplete="name"
          required
          defaultValue={state?.entered.name}
          error={errorOf("name")}
        />
      )}
      <TextField
        name="email"
        label="E-mail"
        type="email"
        autoComplete="email"
        required
        defaultValue={state?.entered.email}
        error={errorOf("email")}
      />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete={signingUp ? "new-password" : "current-password"}
        required
        {...(signingUp && { help: "At least 8 characters." })}
        error={errorOf("password")}
      />
      <Button type="submit" look="primary" disabled={pending} className="mt-1 min-h-11 text-base">
        {pending ? "One moment…" : signingUp ? "Create account" : "Sign in"}
      </Button>
    </form>
  );
}

/** Lets a visitor look around in the demo account. */
export function DemoForm({ action, next }: { action: FormAction; next: string }) {
  const [state, submit, pending] = useActionState<FormState, FormData>(action, null);
  return (
    <form action={submit}>
      <input type="hidden" name="next" value={next} />
      <Button type="submit" look="quiet" disabled={pending} className="min-h-11 w-full text-base">
        {pending ? "One moment…" : "Continue as demo"}
      </Button>
      {state !== null && (
        <p role="alert" className="mt-2 text-ember text-sm">
          {state.message}
        </p>
      )}
    </form>
  );
}

/** What a form knows after it was sent; null before. */
export type FormState = { message: string; field: "name" | "email" | "password" | null; entered: Entered } | null;

/** What the person had typed, so that a refused form does not come back empty. The password is never among it. */
interface Entered {
  name: string;
  email: string;
}

type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
