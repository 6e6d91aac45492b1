export interface DemoAccount {
  email: string;
  password: string;
}

/** No mail reaches this domain, so nobody can own an address there. The database ends every account in it after a day. */
const COPY_DOMAIN = "demo.invalid";

/** The sign-in of a new copy of the demo. Nobody learns the password, so a copy ends with the session of its visitor. */
export function newCopyAccount(): DemoAccount {
  return { email: `visitor-${crypto.randomUUID()}@${COPY_DOMAIN}`, password: `${crypto.randomUUID()}-Aa1!` };
}

/** Whether an account is a copy of the demo, made for one visitor and for one day. */
export function isDemoCopy(email: string): boolean {
  return email.endsWith(`@${COPY_DOMAIN}`);
}
