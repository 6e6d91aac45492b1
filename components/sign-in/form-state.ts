import type { AccountField, AccountProblem } from "@/server/auth/accounts";

/** What a form knows after it was sent; null before. `sent`: a mail is on its way. */
export type FormState =
  | { kind: "sent" }
  | { kind: "refused"; problem: AccountProblem; field: AccountField | null; entered: Entered }
  | null;

/** What the person had typed, so that a refused form does not come back empty. The password is never among it. */
interface Entered {
  name: string;
  email: string;
}

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
