import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { unwrap } from "@/server/database/errors";
import { DEMO_ACCOUNT } from "@/server/demo/seed";
import type { StackChild } from "@/server/local/stack-child";
import { forkStack } from "@/server/local/stack-child";
import type { SignedUpPerson } from "@/tests/support/database/person";
import { signUpPerson } from "@/tests/support/database/person";

// The embedded database on a disk of its own that is too small, or full. Only an administrator can make such a disk.

const disk = mkdtempSync(join(tmpdir(), "clarify-disk-"));
const mount = (...options: string[]) => spawnSync("mount", [...options, disk]).status === 0;
const mounted = process.platform === "linux" && mount("-t", "tmpfs", "-o", "size=30m", "tmpfs");
if (!mounted) console.info("Skipped: a full disk needs the right to mount one");
let stack: StackChild;
afterAll(async () => {
  if (mounted) {
    await killed();
    execFileSync("umount", [disk]);
  }
  rmSync(disk, { recursive: true });
});

async function killed(): Promise<void> {
  const gone = once(stack.process, "exit");
  stack.process.kill("SIGKILL");
  await gone;
}

const dataDir = join(disk, "data");
const start = () => forkStack({ dataDir, siteUrl: "http://localhost:3000", demo: DEMO_ACCOUNT }, () => undefined);

async function fill(leavingMb: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, "filler"), Buffer.alloc(bavail * bsize - leavingMb * 1024 * 1024));
}

describe.skipIf(!mounted)("the embedded database", { timeout: 240_000 }, () => {
  let person: SignedUpPerson;
  const write = (title: string) => person.database.from("dreams").insert({ user_id: person.id, title });

  it("says that there is no room to begin, and begins when there is", async () => {
    stack = start();
    await expect(stack.ready).rejects.toThrow(/has \d+ MB free, and the database needs 104 MB.*CLARIFY_DATA_DIR/);
    expect(mount("-o", "remount,size=300m")).toBe(true);
    stack = start();
    person = await signUpPerson(await stack.ready, { name: "Ada" });
    unwrap(await write("Before"));
  });

  it("refuses writes of a full disk with the reason, reads on, and writes again when there is room", async () => {
    await fill(10);
    expect(await write("Meanwhile")).toMatchObject({ status: 507, error: { code: "53100" } });
    expect(unwrap(await person.database.from("dreams").select("title"))).toEqual([{ title: "Before" }]);
    rmSync(join(disk, "filler"));
    unwrap(await write("After"));
  });

  it("has everything after it was killed with a full disk", async () => {
    await fill(10);
    await killed();
    stack = start();
    await expect(stack.ready).rejects.toThrow("Make room");
    rmSync(join(disk, "filler"));
    stack = start();
    const { url, publishableKey } = await stack.ready;
    const headers = { apikey: publishableKey, authorization: `Bearer ${person.accessToken}` };
    const response = await fetch(`${url}/rest/v1/dreams?select=title&order=created_at`, { headers });
    expect(await response.json()).toEqual([{ title: "Before" }, { title: "After" }]);
  });
});
