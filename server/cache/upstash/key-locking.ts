import type { Script } from "../protocol/scripts";
import { defineScript } from "../protocol/scripts";

const locking = new WeakMap<Script, Script>();

/**
 * The script in the form that Upstash should run: locking its own keys only. Without this first line every run of a
 * script locks the whole database, and all people of a deployment wait for each other. Redis itself refuses the flag.
 */
export function withKeyLocking(script: Script): Script {
  const known = locking.get(script);
  if (known) return known;
  const flagged = defineScript(`#!lua flags=allow-key-locking\n${script.source}`);
  locking.set(script, flagged);
  return flagged;
}
