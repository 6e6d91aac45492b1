import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { redisBusDriver, redisDriver } from "bentocache/drivers/redis";
import { sectionKey } from "@/server/context/section";
import type { BackendAddress } from "../backend-client";
import type { PeerCache, Subject } from "../subjects";
import { allSections, cachedPeer, loaders } from "../subjects";
import { ioredis } from "./ioredis";

/** As in "Cache drivers": Redis alone. */
export function bentocacheRedis(address: BackendAddress): Subject {
  const connection = ioredis(address);
  const bento = new BentoCache({
    default: "cache",
    prefix: "bento-redis",
    stores: { cache: bentostore().useL2Layer(redisDriver({ connection })) },
  });
  return cachedPeer("bentocache-redis", over(bento, address));
}

/** As in "Multi-tier setup": memory in front of Redis, and a bus between the processes. */
export function bentocacheTwoLevels(address: BackendAddress): Subject {
  const bento = new BentoCache({
    default: "cache",
    prefix: "bento-two-levels",
    stores: {
      cache: bentostore()
        .useL1Layer(memoryDriver({ maxSize: "10mb" }))
        .useL2Layer(redisDriver({ connection: ioredis(address) }))
        .useBus(redisBusDriver({ connection: ioredis(address) })),
    },
  });
  return cachedPeer("bentocache-two-levels", over(bento, address));
}

type Bento = Pick<BentoCache<Record<string, ReturnType<typeof bentostore>>>, "getOrSet" | "delete" | "disconnectAll">;

/** As in "Quick setup": `getOrSet` for a read, `delete` after a write. */
function over(bento: Bento, address: BackendAddress): PeerCache {
  const loaderFor = loaders(address);
  return {
    read(userId) {
      const load = loaderFor(userId);
      return (section) =>
        bento.getOrSet({
          key: sectionKey(section, userId),
          factory: () => load(section),
          ttl: section.policy.ttlMs,
        });
    },
    async invalidate(userId) {
      await Promise.all(allSections.map((section) => bento.delete({ key: sectionKey(section, userId) })));
    },
    close: () => bento.disconnectAll(),
  };
}
