import { PublicError } from "@/server/public-error";

/** The message for the person, the same on every page. */
export const AUTH_UNREACHABLE = "Signing in isn't working right now. Please try again in a moment.";

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
