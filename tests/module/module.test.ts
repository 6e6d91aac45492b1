import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { run } from "./run";

const here = fileURLToPath(new URL(".", import.meta.url));

const tarball = inject("tarball");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clarify-module-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Project {
  packages: string[];
  /** The type libraries of the place where the project runs. */
  lib: string[];
  /** Whether to skip the types of packages, if some that it needs do not compile. */
  skipLibCheck: boolean;
}

/** Installs the tarball and some packages into an empty project, and compiles it with the newest TypeScript. */
async function install(name: string, { packages, lib, skipLibCheck }: Project): Promise<string> {
  const cwd = join(folder, name);
  await cp(join(here, name), cwd, { recursive: true });
  await writeFile(join(cwd, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2024",
    lib,
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck,
    outDir: "built",
    rootDir: ".",
  };
  await writeFile(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tools = ["typescript@latest", "@types/node@24"];
  await run("npm", ["install", tarball, ...tools, ...packages], cwd);
  await run("npm", ["exec", "--", "tsc"], cwd);
  return cwd;
}

/** The output of a module of the project. */
function output(cwd: string, module: string, conditions: string[] = []): Promise<string> {
  const flags = conditions.map((condition) => `--conditions=${condition}`);
  return run(process.execPath, [...flags, join("built", `${module}.js`)], cwd);
}

describe.concurrent("the packed module", () => {
  test("installs into a plain Node service, without tRPC, React or any store's client", async () => {
    const cwd = await install("service", { packages: [], lib: ["ES2024"], skipLibCheck: false });
    expect(await output(cwd, "service")).toBe("service: ok\n");
  });

  test("installs into an application with the current tRPC, zod and TypeScript", async () => {
    // Its peers are the server, the client and TanStack Query, in the versions that belong together. The types of
    // tRPC's server need those of another version of `ws`.
    const trpc = [
      "@trpc/tanstack-react-query@11",
      "react@19",
      "react-dom@19",
      "@types/react@19",
      "@types/react-dom@19",
    ];
    const packages = [...trpc, "ioredis@6", "@upstash/redis@1", "undici@8", "zod@4", "zod3@npm:zod@3"];
    const cwd = await install("application", { packages, lib: ["ES2024", "DOM", "DOM.Iterable"], skipLibCheck: true });
    expect(await output(cwd, "application")).toBe("application: ok\n");
    expect(await output(cwd, "client", ["browser", "production"])).toBe("");
    expect(await output(cwd, "router", ["react-server"])).toBe("");
  });

  test("holds its licence and changelog, and no alias of this project's", async () => {
    await run("tar", ["xzf", tarball], folder);
    const root = join(folder, "package");
    const files = await readdir(root, { recursive: true });
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "CHANGELOG.md", "README.md", "docs/cache.md"]));
    const code = files.filter((file) => /\.(js|d\.ts)$/.test(file));
    expect(code.length).toBeGreaterThan(0);
    for (const file of code) expect(await readFile(join(root, file), "utf8"), file).not.toMatch(/from "@\//);
  });
});
