import { afterAll, beforeAll } from "vitest";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import { startStack } from "@/tests/support/database/test-stack";
import { spawnRedis } from "@/tests/support/redis/find-redis";
import { canStartServers } from "@/tests/support/redis/redis-servers";
import type { HeldModel } from "./model";
import { startHeldModel } from "./model";
import type { AppProcess, Shared } from "./processes";
import { startSurvivor } from "./processes";

/** What outlives the processes that die, with one process that lives. */
export interface World extends Shared {
  sql: RunSql;
  model: HeldModel;
  survivor: AppProcess;
  close(): Promise<void>;
}

/**
 * Opens a world for all tests of a file, where servers can be started.
 * @param what is tested in it
 * @returns whether they can
 */
export function fileHasWorld(what: string, opened: (world: World) => void): boolean {
  const possible = canStartServers(what);
  let close = async () => {};
  beforeAll(async () => {
    keepContentOutOfLogs();
    if (!possible) return;
    const world = await openWorld();
    close = () => world.close();
    opened(world);
  }, 120_000);
  afterAll(() => close());
  return possible;
}

/** With a stack of its own, because consolidation looks at everybody. */
async function openWorld(): Promise<World> {
  const [{ address: stack, stop }, redis, model] = await Promise.all([startStack(), spawnRedis(), startHeldModel()]);
  if (redis?.url === undefined) throw new Error("There is no Redis");
  const shared = { stack, redisUrl: redis.url, modelUrl: model.url };
  const survivor = await startSurvivor(shared);
  return {
    ...shared,
    sql: createSqlClient(stack),
    model,
    survivor,
    async close() {
      await survivor.close();
      await Promise.all([model.close(), redis.stop(), stop()]);
    },
  };
}
