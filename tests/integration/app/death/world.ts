import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import { startStack } from "@/tests/support/database/test-stack";
import { spawnRedis } from "@/tests/support/redis/find-redis";
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

/** With a stack of its own, because consolidation looks at everybody. */
export async function openWorld(): Promise<World> {
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
