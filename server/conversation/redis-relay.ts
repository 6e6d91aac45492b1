import type { ScriptRunner } from "@/server/cache";
import { defineScript } from "@/server/cache";
import type { ReplyRelay } from "./reply-relay";
import { replyProgress, SILENT_AFTER_MS } from "./reply-relay";

/** How long a request to stop is kept, in milliseconds. The writer checks every half second. */
const STOP_MS = 15_000;

/** KEYS: the progress of the reply, the request to stop. ARGV: the progress, how long it is kept in milliseconds. */
const PUBLISH = defineScript(`
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('GET', KEYS[2]) and 1 or 0`);
/** KEYS: the progress of the reply. */
const READ = defineScript(`return redis.call('GET', KEYS[1])`);
/** KEYS: the request to stop. ARGV: how long it is kept in milliseconds. */
const STOP = defineScript(`
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return 1`);

/**
 * Passes on growing replies through the Redis that all processes share. Only its person knows a claim's token, so the
 * token is sufficient as a key.
 *
 * @param scripts every call uses its deadline
 */
export function createRedisRelay(scripts: Pick<ScriptRunner, "run">): ReplyRelay {
  const progressKey = (claimToken: string) => `reply:{${claimToken}}`;
  const stopKey = (claimToken: string) => `reply:{${claimToken}}:stop`;
  return {
    async publish({ claimToken }, progress) {
      const keys = [progressKey(claimToken), stopKey(claimToken)];
      const asked = await scripts.run({ script: PUBLISH, keys, args: [JSON.stringify(progress), SILENT_AFTER_MS] });
      return asked === 1;
    },

    async read(claimToken) {
      const progress = await scripts.run({ script: READ, keys: [progressKey(claimToken)], args: [] });
      return typeof progress === "string" ? (replyProgress.safeParse(JSON.parse(progress)).data ?? null) : null;
    },

    async stop({ claimToken }) {
      await scripts.run({ script: STOP, keys: [stopKey(claimToken)], args: [STOP_MS] });
    },
  };
}

/**
 * A relay that uses the first one, and the second if the first fails. A request to stop goes through both, because the
 * writer may be able to reach only one of them. If both fail, the second says why.
 */
export function withFallback(first: ReplyRelay, second: ReplyRelay): ReplyRelay {
  return {
    publish: (writing, progress) => first.publish(writing, progress).catch(() => second.publish(writing, progress)),
    read: async (claimToken) => (await first.read(claimToken).catch(() => null)) ?? second.read(claimToken),
    async stop(writing) {
      const [one, other] = await Promise.allSettled([first.stop(writing), second.stop(writing)]);
      if (one.status === "rejected" && other.status === "rejected") throw other.reason;
    },
  };
}
