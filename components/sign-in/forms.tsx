"use client";

import { useActionState, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/form-field";
import type { Words } from "@/components/words/speech";
import { useWords } from "@/components/words/words";

interface AccountFormProps {
  mode: "sign-in" | "sign-up";
  action: FormAction;
  next: string;
}

/** Signs in, or creates an account. It also works before the page's scripts have loaded. */
export function AccountForm({ mode, action, next }: AccountFormProps) {
  const [state, submit, pending] = useActionState<FormState, FormData>(action, null);
  const form = useRef<HTMLFormElement>(null);
  const signingUp = mode === "sign-up";
  const words = useWords();
  const { signIn } = words;

  useEffect(() => {
    if (state?.field) form.current?.querySelector<HTMLInputElement>(`[name="${state.field}"]`)?.focus();
  }, [state]);

  const errorOf = (field: "name" | "email" | "password") =>
    state?.field === field ? signIn.problems[state.problem] : undefined;

  return (
    <form ref={form} action={submit} className="flex flex-col gap-4" noValidate>
      <input type="hidden" name="next" value={next} />
      {state !== null && state.field === null && (
        <p role="alert" className="rounded-xl bg-ember-wash px-3.5 py-2.5 text-ember text-sm">
          {signIn.problems[state.problem]}
        </p>
      )}
      {signingUp && (
        <TextField
          name="name"
          label={words.account.whatToCallYou}
          autoComplete="name"
          required
          defaultValue={state?.entered.name}
          error={errorOf("name")}
        />
      )}
      <TextField
        name="email"
        label={signIn.email}
        type="email"
        autoComplete="email"
        required
        defaultValue={state?.entered.email}
        error={errorOf("email")}
      />
      <TextField
        name="password"
        label={signIn.password}
        type="password"
        autoComplete={signingUp ? "new-password" : "current-password"}
        required
        {...(signingUp && { help: signIn.passwordHelp })}
        error={errorOf("password")}
      />
      <Button type="submit" look="primary" disabled={pending} className="mt-1 min-h-11 text-base">
        {pending ? signIn.moment : signingUp ? signIn.create : signIn.signIn}
      </Button>
    </form>
  );
}

/** Signs a visitor in to the demo account. */
export function DemoForm({ action, next }: { action: FormAction; next: string }) {
  const [state, submit, pending] = useActionState<FormState, FormData>(action, null);
  const { signIn } = useWords();
  return (
    <form action={submit}>
      <input type="hidden" name="next" value={next} />
      <Button type="submit" look="quiet" disabled={pending} className="min-h-11 w-full text-base">
        {pending ? signIn.moment : signIn.demo}
      </Button>
      {state !== null && (
        <p role="alert" className="mt-2 text-ember text-sm">
          {signIn.problems[state.problem]}
        </p>
      )}
    </form>
  );
}

/** The state of a form after it was sent; null before. */
export type FormState = {
  problem: SignInProblem;
  field: "name" | "email" | "password" | null;
  entered: Entered;
} | null;

/** Why it was refused. Each language has a text for it. */
export type SignInProblem = keyof Words["signIn"]["problems"];

/** What the person had typed, so that a refused form keeps it. Never contains the password. */
interface Entered {
  name: string;
  email: string;
}

type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
