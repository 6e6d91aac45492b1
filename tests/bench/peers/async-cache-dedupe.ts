import { createCache } from "async-cache-dedupe";
import type { BackendAddress } from "../backend-client";
import type { Subject } from "../subjects";
import { allSections, cachedPeer, loaders } from "../subjects";
import { ioredis } from "./ioredis";

/** As in its README: a function for each section, and `clear` with the function's argument after a write. */
export function asyncCacheDedupe(address: BackendAddress): Subject {
  const client = ioredis(address);
  const loaderFor = loaders(address);
  const caches = new Map(
    allSections.map((section) => {
      const cache = createCache({ ttl: section.policy.ttlMs / 1_000, storage: { type: "redis", options: { client } } });
      return [section.name, cache.define(section.name, (userId: string) => loaderFor(userId)(section))];
    }),
  );
  return cachedPeer("async-cache-dedupe", {
    read: (userId) => async (section) => caches.get(section.name)?.[section.name](userId),
    async invalidate(userId) {
      await Promise.all([...caches].map(([name, cache]) => cache.clear(name, userId)));
    },
    close: async () => client.disconnect(),
  });
}
