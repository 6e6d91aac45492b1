import { isIPv6 } from "node:net";
import type { Clock } from "@/server/clock";
import { TokenBuckets } from "@/server/limits/token-bucket";

/** Attempts per minute, and per burst after a rest. A whole office may share one address. */
const PER_ADDRESS = 60;
/** Attempts from one address at one account. Counted per address, so that nobody can lock another person out. */
const PER_ACCOUNT = 10;

const MINUTE_MS = 60_000;

/**
 * Limits attempts to sign in or up through this process. The auth server has limits of its own, but to it every attempt
 * comes from this app.
 */
export class SignInLimit {
  readonly #addresses: TokenBuckets;
  readonly #accounts: TokenBuckets;

  constructor(clock: Pick<Clock, "now">) {
    this.#addresses = new TokenBuckets({ capacity: PER_ADDRESS, refillMs: MINUTE_MS / PER_ADDRESS, clock });
    this.#accounts = new TokenBuckets({ capacity: PER_ACCOUNT, refillMs: MINUTE_MS / PER_ACCOUNT, clock });
  }

  /** Whether the client with these headers may make one more attempt. `email` is null for the shared demo account. */
  admits(headers: Pick<Headers, "get">, email: string | null): boolean {
    const address = clientAddress(headers);
    if (this.#addresses.take(address) > 0) return false;
    return email === null || this.#accounts.take(`${address} ${email.toLowerCase()}`) === 0;
  }
}

/**
 * The address from which the nearest proxy received the request. That proxy writes the last entry; the client can forge the
 * entries before it. Without a proxy Next.js writes the address of the socket. An IPv6 customer has 2^64 addresses, so only
 * the first 64 bits count.
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
