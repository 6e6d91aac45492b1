import { createHash } from "node:crypto";
import type { Command, RedisExecutor } from "./executor";
import { ReplyError } from "./executor";

const FLAG = /^#!lua flags=allow-key-locking\n/;

/**
 * Upstash has a flag that Redis refuses, so it is removed from the scripts. A script without it is refused here,
 * because on Upstash it would lock the whole database.
 */
export function likeUpstash(executor: RedisExecutor): RedisExecutor {
  const knownAs = new Map<string, string>();

  function translate(command: Command): Command {
    const [name = "", script = "", ...rest] = command;
    switch (String(name).toUpperCase()) {
      case "EVAL": {
        const source = String(script);
        if (!FLAG.test(source)) throw new ReplyError("ERR the script would lock the whole database");
        const plain = source.replace(FLAG, "");
        knownAs.set(sha1(source), sha1(plain));
        return [name, plain, ...rest];
      }
      case "EVALSHA":
        return [name, knownAs.get(String(script)) ?? script, ...rest];
      default:
        return command;
    }
  }

  return { call: async (command) => executor.call(translate(command)), close: () => executor.close() };
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
