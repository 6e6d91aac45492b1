import type { StoreFactory } from "@/server/cache";
import type { ScriptConnection } from "@/server/cache/protocol/script-runner";
import { ScriptStore } from "@/server/cache/protocol/script-store";
import type { RedisExecutor } from "./executor";

/** The store of scripts, without a network. */
export function executorStore(executor: RedisExecutor): StoreFactory {
  const connection: ScriptConnection = {
    send: (how, calls) =>
      Promise.all(
        calls.map(({ script, keys, args }) =>
          executor
            .call([how.toUpperCase(), how === "eval" ? script.source : script.sha, keys.length, ...keys, ...args])
            .then(
              (result) => ({ result }),
              (error: Error) => ({ error: error.message }),
            ),
        ),
      ),
  };
  const transport = { reads: connection, writes: connection, ready: async () => {}, close: async () => {} };
  return (parts) => new ScriptStore(transport, parts);
}
