/** The digest that Next.js passes to the browser for an error in a page; null for every other error. */
export function readDigest(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null;
  return typeof error.digest === "string" ? error.digest : null;
}
