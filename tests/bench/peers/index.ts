import type { BackendAddress } from "../backend-client";
import type { Subject } from "../subjects";
import { cacheAside, clarify, clarifyNear, clarifyTcp, promiseAll, sequential } from "../subjects";
import { asyncCacheDedupe } from "./async-cache-dedupe";
import { bentocacheRedis, bentocacheTwoLevels } from "./bentocache";
import { cacheAsideTcp } from "./cache-aside-tcp";
import { cachifiedUpstash } from "./cachified";
import type { PeerName } from "./names";

/**
 * Each peer as its own documentation sets it up. Next.js's `unstable_cache` is missing, because outside a request of
 * Next.js it throws `Invariant: incrementalCache missing`, and the class that it wants is not public.
 */
export const START: Readonly<Record<PeerName, (address: BackendAddress) => Subject>> = {
  sequential,
  "promise-all": promiseAll,
  clarify: (address) => clarify("clarify", address),
  // As the client comes.
  "cache-aside": (address) => cacheAside(address, { enableAutoPipelining: true }),
  cachified: cachifiedUpstash,
  "clarify-tcp": clarifyTcp,
  "clarify-near": clarifyNear,
  "cache-aside-tcp": cacheAsideTcp,
  "bentocache-redis": bentocacheRedis,
  "bentocache-two-levels": bentocacheTwoLevels,
  "async-cache-dedupe": asyncCacheDedupe,
};
