import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBuildState } from "@/server/local/build";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "clarify-build-"));
  await put("app/page.tsx", 100);
  await put("server/deps.ts", 100);
  await put("package.json", 100);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Writes a file with this modification time, and gives it to the folder as well, so that a new file shows. */
async function put(path: string, second: number): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  for (let place = file; place !== root; place = dirname(place)) await utimes(place, second, second);
}

const FILES = [".next/required-server-files.json", ".next/BUILD_ID"];
async function built(second: number): Promise<void> {
  for (const file of FILES) await put(file, second);
}

test("no build", async () => {
  expect(await readBuildState(root)).toBe("missing");
});

test.each(FILES)("a build that was cut short after %s", async (file) => {
  await put(file, 200);
  expect(await readBuildState(root)).toBe("missing");
});

test("a build after the last change", async () => {
  await built(200);
  expect(await readBuildState(root)).toBe("current");
});

test.each([
  "app/clarify/[sessionId]/page.tsx",
  "components/button.tsx",
  "server/clarify/build.ts",
  "package-lock.json",
])("%s changed since", async (path) => {
  await built(200);
  await put(path, 300);
  expect(await readBuildState(root)).toBe("outdated");
});

test("a file that was removed since shows in its folder", async () => {
  await built(200);
  await rm(join(root, "app/page.tsx"));
  await utimes(join(root, "app"), 300, 300);
  expect(await readBuildState(root)).toBe("outdated");
});

test.each(["server/local/start.ts", "tests/unit/a.test.ts", "README.md", "supabase/migrations/1.sql"])(
  "%s is not part of the build",
  async (path) => {
    await put("server/local/keys.ts", 100);
    await built(200);
    const parents = dirname(path) === "server/local" ? ["server"] : [];
    await put(path, 300);
    for (const parent of parents) await utimes(join(root, parent), 100, 100);
    expect(await readBuildState(root)).toBe("current");
  },
);
