import { isIPv4, isIPv6 } from "node:net";
import type { Clock } from "@/server/clock";
import { TokenBuckets } from "@/server/limits/token-bucket";

const MINUTE_MS = 60_000;

/**
 * How many are allowed after a pause, and in how many milliseconds one more is. A whole office may share an address, and one
 * customer of a provider may have many addresses of one network.
 */
const ATTEMPTS = {
  address: { capacity: 60, refillMs: MINUTE_MS / 60 },
  network: { capacity: 600, refillMs: MINUTE_MS / 600 },
  /** From one address at one account. Counted per address, so that nobody can lock another person out. */
  account: { capacity: 10, refillMs: MINUTE_MS / 10 },
};
const MAILS = {
  address: { capacity: 20, refillMs: 3 * MINUTE_MS },
  network: { capacity: 100, refillMs: MINUTE_MS },
  /** To one receiver, from any address, so that nobody can flood a mailbox. */
  account: { capacity: 4, refillMs: 10 * MINUTE_MS },
};

/** Copies of the demo. At most a third of all that there may be come from one network. */
const DEMOS = {
  address: { capacity: 60, refillMs: 30 * MINUTE_MS },
  network: { capacity: 100, refillMs: 30 * MINUTE_MS },
};

/**
 * Limits attempts to sign in or up, and mails, through this process. The auth server has limits of its own, but to it
 * every attempt comes from this app, and one visitor could use them up for all.
 */
export class SignInLimit {
  readonly #attempts: Tiers;
  readonly #mails: Tiers;
  readonly #demos: Pick<Tiers, "address" | "network">;

  constructor(clock: Pick<Clock, "now">) {
    this.#attempts = tiersOf(ATTEMPTS, clock);
    this.#mails = tiersOf(MAILS, clock);
    this.#demos = {
      address: new TokenBuckets({ ...DEMOS.address, clock }),
      network: new TokenBuckets({ ...DEMOS.network, clock }),
    };
  }

  /**
   * Whether the client with these headers may make one more attempt. `email` is null for the shared account, and
   * where the attempt names no account.
   */
  admits(headers: Pick<Headers, "get">, email: string | null): boolean {
    const client = clientAddress(headers);
    return takeAll(bucketsOf(this.#attempts, client, email === null ? null : `${client} ${email.toLowerCase()}`));
  }

  /** Whether the client with these headers may have one more copy of the demo, which counts as made. */
  admitsDemo(headers: Pick<Headers, "get">): boolean {
    return takeAll(bucketsOfClient(this.#demos, clientAddress(headers)));
  }

  /** Whether the client with these headers may have one more mail sent to this address, which counts as sent. */
  admitsMail(headers: Pick<Headers, "get">, email: string): boolean {
    return takeAll(this.#mailBuckets(headers, email));
  }

  /** An admitted mail was not sent: only the answer to a sign-up shows whether one is. */
  returnMail(headers: Pick<Headers, "get">, email: string): void {
    for (const { of, key } of this.#mailBuckets(headers, email)) of.giveBack(key);
  }

  #mailBuckets(headers: Pick<Headers, "get">, email: string): Bucket[] {
    return bucketsOf(this.#mails, clientAddress(headers), email.toLowerCase());
  }
}

type Tiers = Record<keyof typeof ATTEMPTS, TokenBuckets>;

function tiersOf({ address, network, account }: typeof ATTEMPTS, clock: Pick<Clock, "now">): Tiers {
  return {
    address: new TokenBuckets({ ...address, clock }),
    network: new TokenBuckets({ ...network, clock }),
    account: new TokenBuckets({ ...account, clock }),
  };
}

/** Takes one from each bucket, or from none: what one client is refused must not count for its neighbours. */
function takeAll(buckets: Bucket[]): boolean {
  if (buckets.some(({ of, key }) => of.waitFor(key) > 0)) return false;
  for (const { of, key } of buckets) of.take(key);
  return true;
}

interface Bucket {
  of: TokenBuckets;
  key: string;
}

function bucketsOf({ account, ...tiers }: Tiers, client: string, accountKey: string | null): Bucket[] {
  const ofClient = bucketsOfClient(tiers, client);
  return accountKey === null ? ofClient : [...ofClient, { of: account, key: accountKey }];
}

function bucketsOfClient({ address, network }: Omit<Tiers, "account">, client: string): Bucket[] {
  return [
    { of: network, key: networkOf(client) },
    { of: address, key: client },
  ];
}

/** The visitor's address. `http-guard` leaves only what a trusted proxy said; in development the last entry counts. */
export function peerAddress(headers: Pick<Headers, "get">): string {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return last.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Whom a request is counted for. An IPv6 customer has 2^64 addresses, so only the first 64 bits count. */
export function clientAddress(headers: Pick<Headers, "get">): string {
  const address = peerAddress(headers);
  return isIPv6(address) ? groupsOf(address).slice(0, 4).join(":") : address;
}

/** The network of a client: 24 bits of IPv4, 48 of IPv6. */
function networkOf(client: string): string {
  return isIPv4(client) ? client.split(".").slice(0, 3).join(".") : client.split(":").slice(0, 3).join(":");
}

/** The eight groups of an IPv6 address, always written the same way. */
function groupsOf(address: string): string[] {
  const [head = "", tail] = address.split("%", 1).join("").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => "0"), ...right].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}
