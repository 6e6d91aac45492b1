import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clarify-module-"));
  const { stdout } = await run("npm", ["run", "--silent", "pack:module", folder]);
  tarball = stdout.trim();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Installs the tarball and some packages into an empty project, and returns what its program prints. */
async function install(name: string, packages: string[]): Promise<string> {
  const cwd = join(folder, name);
  await cp(join(here, name), cwd, { recursive: true });
  await writeFile(join(cwd, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  const compilerOptions = {
    module: "NodeNext",
    target: "ES2024",
    lib: ["ES2024"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    outDir: "built",
    rootDir: ".",
  };
  await writeFile(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  await run("npm", ["install", "--no-audit", "--no-fund", tarball, "typescript", "@types/node@24", ...packages], {
    cwd,
  });
  await run("npm", ["exec", "--", "tsc"], { cwd }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  return (await run(process.execPath, [join("built", `${name}.js`)], { cwd })).stdout;
}

test("installs into a plain Node service, without any store's client", async () => {
  expect(await install("service", [])).toBe("service: ok\n");
});

test("installs into an application with the current tRPC and zod", async () => {
  const packages = ["@trpc/server@11", "zod@4", "ioredis", "@upstash/redis@1.39.0", "undici"];
  expect(await install("application", packages)).toBe("application: ok\n");
});

test("holds its licence and changelog, and no alias of this project's", async () => {
  await run("tar", ["xzf", tarball], { cwd: folder });
  const root = join(folder, "package");
  const files = await readdir(root, { recursive: true });
  expect(files).toEqual(expect.arrayContaining(["LICENSE", "CHANGELOG.md", "README.md"]));
  const code = files.filter((file) => /\.(js|d\.ts)$/.test(file));
  expect(code.length).toBeGreaterThan(0);
  for (const file of code) expect(await readFile(join(root, file), "utf8"), file).not.toMatch(/from "@\//);
});
