import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A variable's value; blank is unset. */
export function setting(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

/** Where the embedded stack keeps its data. */
export function dataDirectory(): string {
  return resolve(root, setting("CLARIFY_DATA_DIR") ?? ".data");
}
