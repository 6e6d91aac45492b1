/** What a form knows after it was sent; null before. */
export type FormState = { message: string; field: "name" | "email" | "password" | null; entered: Entered } | null;

/** What the person had typed, so that a refused form does not come back empty. The password is never among it. */
interface Entered {
  name: string;
  email: string;
}

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
