export const HOME = "/clarify";

/** Where to go after signing in: a path of this site. Any other address becomes the home page. */
export function safeReturnPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return HOME;
  const base = "http://same.origin";
  if (!URL.canParse(next, base)) return HOME;
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname.startsWith("//") || url.pathname.startsWith("/sign-in")) return HOME;
  return url.pathname + url.search;
}

/** The sign-in page that leads back to a path. */
export function signInPath(next: string, mode?: "sign-up"): string {
  const query = new URLSearchParams();
  if (mode !== undefined) query.set("mode", mode);
  if (next !== HOME) query.set("next", next);
  return query.size === 0 ? "/sign-in" : `/sign-in?${query}`;
}
