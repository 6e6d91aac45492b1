import { PublicError } from "@/server/public-error";

/** For the person; the page shows the same words whichever way it learns of it. */
export const AUTH_UNREACHABLE = "The sign-in service cannot be reached just now. Please try again.";

/** The auth server did not answer, or not as one: nothing is known of who is asking, least of all that they signed out. */
export class AuthUnreachableError extends PublicError {
  override name = "AuthUnreachableError";
  readonly code = "SERVICE_UNAVAILABLE";
  /** Of an error that broke a page, this is all that Next.js tells the browser. */
  readonly digest = AUTH_UNREACHABLE_DIGEST;

  constructor(options?: ErrorOptions) {
    super(AUTH_UNREACHABLE, options);
  }
}

export const AUTH_UNREACHABLE_DIGEST = "auth-unreachable";
