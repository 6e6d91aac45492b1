"use client";

import Link from "next/link";
import { useActionState, useEffect, useRef } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { TextField } from "@/components/ui/form-field";
import { useSpeech, useWords } from "@/components/words/words";
import type { AccountField } from "@/server/auth/accounts";
import type { FormAction, FormState } from "./form-state";
import { MailSent, Refusal } from "./notices";
import { HOME } from "./return-path";

interface AccountFormProps {
  /** What the form asks for: `mail` wants the address only. */
  mode: "sign-in" | "sign-up" | "mail";
  action: FormAction;
  next: string;
  /** Whether this machine shows the mails that it would send. */
  mailsHere: boolean;
}

/** Signs in, creates an account, or has a link sent. It also works before the page's scripts have loaded. */
export function AccountForm({ mode, action, next, mailsHere }: AccountFormProps) {
  const { state, refused, submit, pending, form, errorOf } = useForm(action);
  const words = useWords();
  const { signIn } = words;
  if (state?.kind === "sent") {
    return <MailSent text={mode === "sign-up" ? signIn.followLink : signIn.sent} mailsHere={mailsHere} />;
  }
  const entered = refused?.entered;
  const send = { "sign-in": signIn.signIn, "sign-up": signIn.create, mail: signIn.sendLink }[mode];
  return (
    <form ref={form} action={submit} className="flex flex-col gap-4" noValidate>
      <input type="hidden" name="next" value={next} />
      {refused?.field === null && <Refusal problem={refused.problem} />}
      {mode === "sign-up" && (
        <TextField
          name="name"
          label={words.account.whatToCallYou}
          autoComplete="name"
          required
          defaultValue={entered?.name}
          error={errorOf("name")}
        />
      )}
      <TextField
        name="email"
        label={signIn.email}
        type="email"
        autoComplete="email"
        required
        defaultValue={entered?.email}
        error={errorOf("email")}
      />
      {mode !== "mail" && (
        <TextField
          name="password"
          label={signIn.password}
          type="password"
          autoComplete={mode === "sign-up" ? "new-password" : "current-password"}
          required
          {...(mode === "sign-up" && { help: signIn.passwordHelp })}
          error={errorOf("password")}
        />
      )}
      <Button type="submit" look="primary" disabled={pending} className="mt-1 min-h-11 text-base">
        {pending ? signIn.moment : send}
      </Button>
    </form>
  );
}

interface NewPasswordFormProps {
  action: FormAction;
  /** Tries once more to sign out the other devices. */
  endOthers: FormAction;
  /** Whose password it is. */
  email: string;
  mailsHere: boolean;
}

/** Chooses a new password. */
export function NewPasswordForm({ action, endOthers, email, mailsHere }: NewPasswordFormProps) {
  const { state, refused, submit, pending, form, errorOf } = useForm(action);
  const { signIn } = useWords();
  if (state?.kind === "sent") return <MailSent text={signIn.choose.sent} mailsHere={mailsHere} />;
  if (state?.kind === "othersStay") return <OthersStay action={endOthers} />;
  return (
    <form ref={form} action={submit} className="flex flex-col gap-4" noValidate>
      {/* So that a password manager knows whose it is. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      {refused?.field === null && <Refusal problem={refused.problem} />}
      <TextField
        name="password"
        label={signIn.choose.label}
        type="password"
        autoComplete="new-password"
        required
        help={signIn.passwordHelp}
        error={errorOf("password")}
      />
      <Button type="submit" look="primary" disabled={pending} className="mt-1 min-h-11 text-base">
        {pending ? signIn.moment : signIn.choose.save}
      </Button>
    </form>
  );
}

/** The password is saved, but the person's other devices are still signed in. */
export function OthersStay({ action }: { action: FormAction }) {
  const { refused, submit, pending } = useForm(action);
  const { common, signIn } = useWords();
  return (
    <form action={submit} className="flex flex-col gap-4">
      {refused !== null ? (
        <Refusal problem={refused.problem} />
      ) : (
        <p role="alert" className="rounded-xl bg-ember-wash px-3.5 py-2.5 text-ember text-sm">
          {signIn.choose.othersStay}
        </p>
      )}
      <Button type="submit" look="primary" disabled={pending} className="min-h-11 text-base">
        {pending ? signIn.moment : common.tryAgain}
      </Button>
      <Link href={HOME} prefetch={false} className={buttonClass("quiet", "min-h-11 text-base")}>
        {signIn.choose.goOn}
      </Link>
    </form>
  );
}

interface ConfirmFormProps {
  action: FormAction;
  link: Readonly<Record<string, string>>;
  /** Whose account this browser is in; null for nobody's. Somebody else may have sent the link to lead into theirs. */
  signedInAs: string | null;
}

/** Uses the link of a mail. Opening the page does not use it, because mail scanners open the links in mails. */
export function ConfirmForm({ action, link, signedInAs }: ConfirmFormProps) {
  const { refused, submit, pending } = useForm(action);
  const {
    fill,
    words: { signIn },
  } = useSpeech();
  return (
    <form action={submit} className="flex flex-col gap-4">
      {Object.entries(link).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {signedInAs !== null && <p>{fill(signIn.confirm.signedIn, { email: signedInAs })}</p>}
      {refused !== null && <Refusal problem={refused.problem} />}
      <Button type="submit" look="primary" disabled={pending} className="min-h-11 text-base">
        {pending ? signIn.moment : signIn.confirm.go}
      </Button>
    </form>
  );
}

/** Signs a visitor in to the demo account. */
export function DemoForm({ action, next }: { action: FormAction; next: string }) {
  const { refused, submit, pending } = useForm(action);
  const { signIn } = useWords();
  return (
    <form action={submit}>
      <input type="hidden" name="next" value={next} />
      <Button type="submit" look="quiet" disabled={pending} className="min-h-11 w-full text-base">
        {pending ? signIn.moment : signIn.demo}
      </Button>
      {refused !== null && (
        <p role="alert" className="mt-2 text-ember text-sm">
          {signIn.problems[refused.problem]}
        </p>
      )}
    </form>
  );
}

/** The state of a form. A field that was refused gets the focus. */
function useForm(action: FormAction) {
  const [state, submit, pending] = useActionState<FormState, FormData>(action, null);
  const form = useRef<HTMLFormElement>(null);
  const { problems } = useWords().signIn;
  const refused = state?.kind === "refused" ? state : null;
  useEffect(() => {
    if (refused?.field) form.current?.querySelector<HTMLInputElement>(`[name="${refused.field}"]`)?.focus();
  }, [refused]);
  const errorOf = (field: AccountField) => (refused?.field === field ? problems[refused.problem] : undefined);
  return { state, refused, submit, pending, form, errorOf };
}
