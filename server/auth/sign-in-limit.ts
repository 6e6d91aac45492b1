import { isIPv6 } from "node:net";
import type { Clock } from "@/server/clock";
import { TokenBuckets } from "@/server/limits/token-bucket";

/** Attempts a minute and, after a rest, at once. Behind one address there may be a whole office. */
const PER_ADDRESS = 60;
/** From one address at one account. Counted together with the address, so that nobody can lock somebody else out. */
const PER_ACCOUNT = 10;

const MINUTE_MS = 60_000;

/**
 * How often anybody may try to sign in or up through this process. The auth server has limits of its own, but sees every
 * attempt come from this app.
 */
export class SignInLimit {
  readonly #addresses: TokenBuckets;
  readonly #accounts: TokenBuckets;

  constructor(clock: Pick<Clock, "now">) {
    this.#addresses = new TokenBuckets({ capacity: PER_ADDRESS, refillMs: MINUTE_MS / PER_ADDRESS, clock });
    this.#accounts = new TokenBuckets({ capacity: PER_ACCOUNT, refillMs: MINUTE_MS / PER_ACCOUNT, clock });
  }

  /** Whether one more attempt may be made, from where the headers say. `email` is null for an account that is everybody's. */
  admits(headers: Pick<Headers, "get">, email: string | null): boolean {
    const address = clientAddress(headers);
    if (this.#addresses.take(address) > 0) return false;
    return email === null || this.#accounts.take(`${address} ${email.toLowerCase()}`) === 0;
  }
}

/**
 * The address that the nearest proxy heard the request from: it writes the last entry, and what stands before that may be
 * the client's own words. Without a proxy Next.js puts the socket's address there. An IPv6 customer has 2^64 addresses, and
 * counts as one.
 */
export function clientAddress(headers: Pick<Headers, "get">): string {
  const address =
    headers
      .get("x-forwarded-for")
      ?.split(",")
      .at(-1)
      ?.trim()
      .replace(/^::ffff:(?=\d+\.)/i, "") ?? "";
  return isIPv6(address) ? network(address) : address;
}

/** The first 64 bits, always written the same way. */
function network(address: string): string {
  const [head = "", tail] = address.split("%", 1).join("").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => "0"), ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
