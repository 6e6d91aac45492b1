import { createHash } from "node:crypto";
import type { Command, RedisExecutor } from "./executor";

const FLAG = /^#!lua flags=allow-key-locking\n/;

/** Upstash knows a flag in the limiter's script that Redis itself refuses: the same script, without it. */
export function likeUpstash(executor: RedisExecutor): RedisExecutor {
  const knownAs = new Map<string, string>();

  function translate(command: Command): Command {
    const [name = "", script = "", ...rest] = command;
    if (typeof script === "string" && FLAG.test(script)) {
      const plain = script.replace(FLAG, "");
      knownAs.set(sha1(script), sha1(plain));
      return [name, plain, ...rest];
    }
    const known = knownAs.get(String(script));
    return known === undefined ? command : [name, known, ...rest];
  }

  return { call: (command) => executor.call(translate(command)), close: () => executor.close() };
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
