import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The id of the running build: the one in the environment, otherwise the one from Next.js. Null if there is none, as in
 * development.
 */
export function readBuildId(named: string | undefined): string | null {
  if (named !== undefined) return named;
  try {
    return readFileSync(join(process.cwd(), ".next", "BUILD_ID"), "utf8").trim();
  } catch {
    return null;
  }
}
