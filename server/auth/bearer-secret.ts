import { createHash, timingSafeEqual } from "node:crypto";

/**
 * Whether a request carries this secret as its bearer token. Takes as long for a wrong secret as for the right one:
 * hashes are compared, because they are of equal length whatever was sent.
 */
export function carriesSecret(request: Request, secret: string): boolean {
  const [, token = ""] = /^Bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  return timingSafeEqual(hash(token), hash(secret));
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
