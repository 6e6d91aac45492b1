/** Only subjects with the same transport are compared. */
export type Transport = "none" | "upstash" | "tcp";

/** Everything that is compared, by its way to Redis. */
export const TRANSPORTS = {
  sequential: "none",
  "promise-all": "none",
  clarify: "upstash",
  "cache-aside": "upstash",
  cachified: "upstash",
  "clarify-tcp": "tcp",
  "clarify-near": "tcp",
  "cache-aside-tcp": "tcp",
  "bentocache-redis": "tcp",
  "bentocache-two-levels": "tcp",
  "async-cache-dedupe": "tcp",
} as const satisfies Record<string, Transport>;

export type PeerName = keyof typeof TRANSPORTS;

export const PEER_NAMES = Object.keys(TRANSPORTS) as PeerName[];
