import { PublicError } from "@/server/public-error";

/** The message for the person, the same on every page. */
export const AUTH_UNREACHABLE = "The sign-in service cannot be reached just now. Please try again.";

/** The auth server did not answer, so it is unknown who is asking. It does not mean that they are signed out. */
export class AuthUnreachableError extends PublicError {
  override name = "AuthUnreachableError";
  readonly code = "SERVICE_UNAVAILABLE";
  /** The only part of an error in a page that Next.js passes on to the browser. */
  readonly digest = AUTH_UNREACHABLE_DIGEST;

  constructor(options?: ErrorOptions) {
    super(AUTH_UNREACHABLE, null, options);
  }
}

export const AUTH_UNREACHABLE_DIGEST = "auth-unreachable";
