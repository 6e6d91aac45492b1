interface OriginSettings {
  /** Origins, as `https://clarify.example`. */
  APP_URL?: string | undefined;
  TRUSTED_ORIGINS: readonly string[];
}

/**
 * The host that a form is sent from, where `APP_URL` or `TRUSTED_ORIGINS` names its origin; null for any other. Next.js
 * compares a form's origin with the host that it was sent to, and a proxy may call this app by another name.
 */
export function trustedHost(
  headers: Pick<Headers, "get">,
  { APP_URL, TRUSTED_ORIGINS }: OriginSettings,
): string | null {
  const origin = headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return null;
  const { origin: asked, host } = new URL(origin);
  return [APP_URL, ...TRUSTED_ORIGINS].includes(asked) ? host : null;
}

/**
 * Whether the browser reached us over HTTPS, so that cookies may say so: as `APP_URL` has it, else as the first of the
 * proxies on the way heard it, else as this request came.
 */
export function isSecure(
  headers: Pick<Headers, "get">,
  { APP_URL, protocol }: Pick<OriginSettings, "APP_URL"> & { protocol?: string | undefined },
): boolean {
  if (APP_URL !== undefined) return APP_URL.startsWith("https:");
  const [first] = (headers.get("x-forwarded-proto") ?? "").split(",");
  return (first?.trim() || protocol?.replace(":", ""))?.toLowerCase() === "https";
}

/**
 * The public origin of the app: `APP_URL`, else the one of this request. A visitor can forge the latter, but Supabase puts
 * only allowed addresses into mails.
 */
export function publicOrigin(headers: Pick<Headers, "get">, settings: Pick<OriginSettings, "APP_URL">): string {
  if (settings.APP_URL !== undefined) return settings.APP_URL;
  const [host] = (headers.get("x-forwarded-host") ?? headers.get("host") ?? "localhost").split(",");
  return `${isSecure(headers, settings) ? "https" : "http"}://${host?.trim()}`;
}

/**
 * Whether a browser sent the request from a page of another site or subdomain. Browsers say so themselves, and no script
 * can change it; other clients say nothing.
 */
export function isFromElsewhere(headers: Pick<Headers, "get">): boolean {
  return ["cross-site", "same-site"].includes(headers.get("sec-fetch-site") ?? "");
}
