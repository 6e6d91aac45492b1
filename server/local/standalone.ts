import { once } from "node:events";
import { cp, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { forkNext, holdOutput } from "./next-child";
import { root } from "./settings";

// `npm run build:standalone`: builds the app into a folder that needs only Node.js to run.

const folder = join(root, ".next", "standalone");

/** Next.js leaves out the files that a content delivery network could serve. */
async function addFiles(): Promise<void> {
  await cp(join(root, ".next", "static"), join(folder, ".next", "static"), { recursive: true });
  await cp(join(root, "public"), join(folder, "public"), { recursive: true });
}

async function sizeOf(path: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

const build = forkNext({ args: ["build"], env: { NODE_ENV: "production", BUILD_STANDALONE: "on" } });
holdOutput(build).show({ past: true });
const [code] = await once(build, "exit");
if (code === 0) {
  await addFiles();
  const { files, bytes } = await sizeOf(folder);
  console.log(`\n${folder}: ${files} files, ${(bytes / 1_000_000).toFixed(1)} MB. In it: node server.js`);
} else process.exitCode = 1;
