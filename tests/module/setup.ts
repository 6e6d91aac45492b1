import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The packed module. */
    tarball: string;
  }
}

/** Packs the module once for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "clarify-module-"));
  const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "pack:module", folder]);
  project.provide("tarball", stdout.trim());
  return () => rm(folder, { recursive: true, force: true });
}
