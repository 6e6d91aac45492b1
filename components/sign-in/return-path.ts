export const HOME = "/clarify";

/** The home page, which opens a new conversation at once. */
export const FIRST_CONVERSATION = "/clarify?begin=1";

/** Where a new password is chosen. */
export const NEW_PASSWORD = "/new-password";

/** Where to go after signing in: a path of this site. Any other address becomes the home page. */
export function safeReturnPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return HOME;
  const base = "http://same.origin";
  if (!URL.canParse(next, base)) return HOME;
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname.startsWith("//")) return HOME;
  if (/^\/(sign-in|auth|api)(\/|$)/.test(url.pathname)) return HOME;
  return url.pathname + url.search;
}

/** Where to go after opening an account: where the person was going, or into a first conversation. */
export function firstPath(next: unknown): string {
  const path = safeReturnPath(next);
  return path === HOME ? FIRST_CONVERSATION : path;
}

/** Where to go after following the link of a mail: the `next` of the address that was passed when the mail was requested. */
export function returnPathOf(redirectTo: unknown): string {
  if (typeof redirectTo !== "string" || !URL.canParse(redirectTo)) return HOME;
  return safeReturnPath(new URL(redirectTo).searchParams.get("next"));
}

/** The modes of the sign-in page, besides signing in with a password. */
export const SIGN_IN_MODES = ["sign-up", "link", "reset"] as const;
export type SignInMode = (typeof SIGN_IN_MODES)[number];

/** The sign-in page that leads back to a path. */
export function signInPath(next: string, mode?: SignInMode): string {
  const query = new URLSearchParams();
  if (mode !== undefined) query.set("mode", mode);
  if (next !== HOME) query.set("next", next);
  return query.size === 0 ? "/sign-in" : `/sign-in?${query}`;
}

/** The sign-in page with a notice, for example that an account was removed. */
export function signInNotice(notice: string): string {
  return `/sign-in?${new URLSearchParams({ notice })}`;
}
