import { errors } from "@upstash/redis";
import type { UpstashClient, UpstashClients } from "@/server/cache";
import type { Command, RedisExecutor } from "./executor";

/** Upstash's client without the HTTP in between. */
export function executorClients(executor: RedisExecutor): UpstashClients {
  const single = (command: Command) =>
    executor.call(command).catch((error: Error) => {
      throw new errors.UpstashError(`${error.message}, command was: ${JSON.stringify(command)}`);
    });
  const piped = (command: Command) =>
    executor.call(command).then(
      (result) => ({ result }),
      (error: Error) => ({ error: error.message }),
    );
  const client: UpstashClient = {
    evalsha: (sha, keys, args) => single(["EVALSHA", sha, keys.length, ...keys, ...args]),
    eval: (script, keys, args) => single(["EVAL", script, keys.length, ...keys, ...args]),
    pipeline() {
      const commands: Command[] = [];
      return {
        evalsha: (sha, keys, args) => commands.push(["EVALSHA", sha, keys.length, ...keys, ...args]),
        eval: (script, keys, args) => commands.push(["EVAL", script, keys.length, ...keys, ...args]),
        exec: () => Promise.all(commands.map(piped)),
      };
    },
  };
  return { reads: client, writes: client };
}
