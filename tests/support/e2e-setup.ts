import type { TestProject } from "vitest/node";
import { startApp } from "./app-process";

declare module "vitest" {
  interface ProvidedContext {
    appUrl: string;
  }
}

/** One app for all browser tests: built, started and stopped as a person would. */
export default async function setup(project: TestProject) {
  const app = await startApp();
  project.provide("appUrl", app.url);
  return async () => {
    await app.stop();
  };
}
