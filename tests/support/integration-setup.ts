import type { TestProject } from "vitest/node";
import { keepContentOutOfLogs } from "@/server/local/quiet";
import type { StackAddress } from "./database/test-stack";
import { startStack } from "./database/test-stack";

declare module "vitest" {
  interface ProvidedContext {
    /** The stack that all integration tests of a run share. */
    stack: StackAddress;
  }
}

/** One stack for all integration tests: on PostgreSQL if DATABASE_URL is set, else on PGlite in memory. */
export default async function setup(project: TestProject) {
  keepContentOutOfLogs();
  const startedAt = Date.now();
  const stack = await startStack();
  console.log(`Integration tests run on ${stack.address.driver} (ready in ${Date.now() - startedAt} ms)`);
  project.provide("stack", stack.address);
  return () => stack.stop();
}
