import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

// The sources of a production build. server/local is not part of it.
const SOURCES = [
  "app",
  "components",
  "public",
  "server",
  "instrumentation.ts",
  "next.config.ts",
  "package-lock.json",
  "package.json",
  "postcss.config.mjs",
  "proxy.ts",
  "tsconfig.json",
];
const EXCLUDED = join("server", "local");

/** Next.js writes these files at the end of a successful build, one after the other. */
const BUILT = ["required-server-files.json", "BUILD_ID"].map((file) => join(".next", file));

export type BuildState = "missing" | "outdated" | "current";

/** Whether there is a production build, and whether it is newer than its sources. */
export async function readBuildState(root: string): Promise<BuildState> {
  const [builtAt, finishedAt] = await Promise.all(BUILT.map((file) => modifiedAt(join(root, file))));
  if (typeof builtAt !== "number" || typeof finishedAt !== "number") return "missing";
  const times = await Promise.all(SOURCES.map((source) => latestIn(root, source)));
  return Math.max(...times) > builtAt ? "outdated" : "current";
}

async function latestIn(root: string, path: string): Promise<number> {
  if (path === EXCLUDED) return 0;
  const own = await modifiedAt(join(root, path));
  if (own === null) return 0;
  const entries = await readdir(join(root, path)).catch(() => []);
  const inside = await Promise.all(entries.map((entry) => latestIn(root, join(path, entry))));
  return Math.max(own, ...inside);
}

async function modifiedAt(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.mtimeMs ?? null;
}
