/** What Next.js passes on to the browser of an error in a page; null for every other error. */
export function readDigest(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null;
  return typeof error.digest === "string" ? error.digest : null;
}
