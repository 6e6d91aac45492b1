/** The cookie that says to the next page that somebody has just signed in by a link, which may lead into an account they did not mean. */
export const FOLLOWED_COOKIE = "clarify-followed";

/** Readable for the page, which removes it when it has said so. */
export const FOLLOWED_COOKIE_OPTIONS = { path: "/", maxAge: 300, sameSite: "lax" } as const;
