import type { AccountField, AccountProblem } from "@/server/auth/accounts";

/** The state of a form after it was sent; null before. `sent`: a mail was sent. `othersStay`: other devices stay signed in. */
export type FormState =
  | { kind: "sent" }
  | { kind: "othersStay" }
  | { kind: "refused"; problem: AccountProblem; field: AccountField | null; entered: Entered }
  | null;

/** What the person had typed, so that a refused form keeps it. Never contains the password. */
interface Entered {
  name: string;
  email: string;
}

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
