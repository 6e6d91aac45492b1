import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Which build answers here: the one that the environment names, else what Next.js called it. Null where there is none, as
 * in development.
 */
export function readBuildId(named: string | undefined): string | null {
  if (named !== undefined) return named;
  try {
    return readFileSync(join(process.cwd(), ".next", "BUILD_ID"), "utf8").trim();
  } catch {
    return null;
  }
}
