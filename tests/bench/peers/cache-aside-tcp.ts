import { sectionKey } from "@/server/context/section";
import type { BackendAddress } from "../backend-client";
import type { Subject } from "../subjects";
import { allSections, cachedPeer, loaders } from "../subjects";
import { ioredis } from "./ioredis";

/** The obvious way to cache, over TCP: one GET per section, and after a miss the query and a SET. */
export function cacheAsideTcp(address: BackendAddress): Subject {
  const redis = ioredis(address);
  const loaderFor = loaders(address);
  const key = (section: { name: string }, userId: string) => `aside-tcp:${sectionKey(section, userId)}`;
  return cachedPeer("cache-aside-tcp", {
    read(userId) {
      const load = loaderFor(userId);
      return async (section) => {
        const held = await redis.get(key(section, userId));
        if (held !== null) return JSON.parse(held);
        const value = await load(section);
        await redis.set(key(section, userId), JSON.stringify(value), "PX", section.policy.ttlMs);
        return value;
      };
    },
    invalidate: async (userId) => void (await redis.del(...allSections.map((section) => key(section, userId)))),
    close: async () => redis.disconnect(),
  });
}
