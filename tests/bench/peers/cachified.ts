import type { Cache, CacheEntry } from "@epic-web/cachified";
import { cachified, totalTtl } from "@epic-web/cachified";
import { Redis } from "@upstash/redis";
import { sectionKey } from "@/server/context/section";
import type { BackendAddress } from "../backend-client";
import type { Subject } from "../subjects";
import { allSections, cachedPeer, loaders } from "../subjects";

/** As in its README, over the cache of three functions that it asks for. */
export function cachifiedUpstash({ redisUrl: url, redisToken: token, ...address }: BackendAddress): Subject {
  const redis = new Redis({ url, token });
  const cache: Cache = {
    async set(key, value) {
      const ttl = totalTtl(value.metadata);
      await redis.set(key, value, ttl === Number.POSITIVE_INFINITY ? undefined : { px: ttl });
    },
    get: (key) => redis.get<CacheEntry>(key),
    delete: (key) => redis.del(key),
  };
  const loaderFor = loaders(address);
  const key = (section: { name: string }, userId: string) => `cachified:${sectionKey(section, userId)}`;
  return cachedPeer("cachified", {
    read(userId) {
      const load = loaderFor(userId);
      return (section) =>
        cachified({
          key: key(section, userId),
          cache,
          ttl: section.policy.ttlMs,
          getFreshValue: () => load(section),
        });
    },
    async invalidate(userId) {
      await Promise.all(allSections.map((section) => cache.delete(key(section, userId))));
    },
  });
}
