import { JUST_WROTE_COOKIE, JUST_WROTE_SECONDS } from "@/server/just-wrote";

/** Lets the person's next requests say that a write was acknowledged, so that no process answers from before it. */
export function noteWrite(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: Not every browser has a CookieStore.
  document.cookie = `${JUST_WROTE_COOKIE}=1; path=/; max-age=${JUST_WROTE_SECONDS}; samesite=lax`;
}
