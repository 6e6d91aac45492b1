import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@supabase/supabase-js";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openUserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { DEMO_ACCOUNT } from "@/server/demo/seed";
import type { StackChild } from "@/server/local/stack-child";
import { forkStack } from "@/server/local/stack-child";
import type { StackReady } from "@/server/local/stack-messages";
import type { SignedUpPerson } from "@/tests/support/database/person";
import { signUpPerson } from "@/tests/support/database/person";

let dataDir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "clarify-stack-"));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

function start(steps: string[] = [], demo = DEMO_ACCOUNT): StackChild {
  const stack = forkStack({ dataDir, siteUrl: "http://localhost:3000", demo }, (step) => steps.push(step));
  children.push(stack.process);
  return stack;
}

async function stop({ process: child }: StackChild, signal: NodeJS.Signals = "SIGTERM") {
  const exited = once(child, "exit");
  child.kill(signal);
  return exited;
}

async function signIn({ url, publishableKey }: StackReady, account: { email: string; password: string }) {
  const client = createClient(url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } });
  const { data, error } = await client.auth.signInWithPassword(account);
  if (error) throw error;
  return {
    id: data.user.id,
    database: openUserDatabase({ url, publishableKey, accessToken: data.session.access_token }),
  };
}

// One sequence of steps: creating PGlite takes seconds, and the test is about what survives from one start to the next.
describe("the embedded stack's process", { timeout: 120_000 }, () => {
  let stack: StackChild;
  let ready: StackReady;
  let person: SignedUpPerson;

  test("starts on an empty folder, and reports its steps", async () => {
    const steps: string[] = [];
    stack = start(steps);
    ready = await stack.ready;
    expect(steps).toEqual([
      "Creating the database",
      expect.stringMatching(/^Applied \d+ migrations$/),
      "Wrote the demo account's data",
    ]);
    expect(new URL(ready.url).hostname).toBe("127.0.0.1");
    expect((await stat(join(dataDir, "keys.json"))).mode & 0o777).toBe(0o600);
  });

  test("its tokens are signed with the secret it hands over", async () => {
    person = await signUpPerson(ready, { name: "Ada" });
    const { payload } = await jwtVerify(person.accessToken, new TextEncoder().encode(ready.jwtSecret));
    expect(payload).toMatchObject({ sub: person.id, role: "authenticated" });
    unwrap(await person.database.from("dreams").insert({ user_id: person.id, title: "Survive a restart" }));
  });

  test("the demo person's data is complete", async () => {
    const { database } = await signIn(ready, DEMO_ACCOUNT);
    const count = async (table: "dreams" | "clarify_sessions" | "clarify_patterns" | "reflections") =>
      unwrap(await database.from(table).select("id")).length;
    expect(await count("dreams")).toBe(10);
    expect(await count("clarify_sessions")).toBe(7);
    expect(await count("clarify_patterns")).toBe(14);
    expect(await count("reflections")).toBe(8);
    const profile = unwrap(await database.from("users").select("*").single());
    expect(profile).toMatchObject({ name: "Maya Levin", total_sessions: 7, total_reflections: 8 });
    const sessions = unwrap(
      await database.from("clarify_sessions").select("*").order("last_message_at", { ascending: false }),
    );
    expect(sessions.every((session) => session.title !== null && session.message_count >= 4)).toBe(true);
    expect(sessions[0]?.title).toBe("The room on Yefet Street");
    expect(profile.created_at < (sessions.at(-1)?.created_at ?? "")).toBe(true);
  });

  test.each([
    ["without a key", "/rest/v1/users", {}, 401],
    ["the studio", "/_studio", {}, 404],
    ["the server's own configuration", "/_system/config", {}, 404],
    ["the storage API", "/storage/v1/bucket", {}, 404],
  ])("%s there is nothing to see", async (_name, path, headers, status) => {
    expect((await fetch(ready.url + path, { headers })).status).toBe(status);
  });

  test("a second process on the same folder is refused, and the first goes on", async () => {
    await expect(start().ready).rejects.toThrow(/is in use by another Clarify.*CLARIFY_DATA_DIR/);
    expect(unwrap(await person.database.from("users").select("name").single()).name).toBe("Ada");
  });

  test("after a restart it has kept its keys and all data, and adds nothing", async () => {
    const { database } = await signIn(ready, DEMO_ACCOUNT);
    unwrap(await database.from("reflections").delete().eq("tone", "proud"));
    expect(await stop(stack)).toEqual([0, null]);

    const steps: string[] = [];
    stack = start(steps);
    const again = await stack.ready;
    expect(steps).toEqual([]);
    expect(again).toMatchObject({ publishableKey: ready.publishableKey, jwtSecret: ready.jwtSecret });
    ready = again;
    const { database: own } = await signIn(ready, person);
    expect(unwrap(await own.from("dreams").select("title"))).toEqual([{ title: "Survive a restart" }]);
    const demo = await signIn(ready, DEMO_ACCOUNT);
    expect(unwrap(await demo.database.from("reflections").select("id"))).toHaveLength(7);
  });

  test("after being killed it starts again with the data", async () => {
    await stop(stack, "SIGKILL");
    stack = start();
    ready = await stack.ready;
    const { database } = await signIn(ready, person);
    expect(unwrap(await database.from("dreams").select("title"))).toEqual([{ title: "Survive a restart" }]);
  });

  test("a copy that was made while it was written to opens with everything that was acknowledged before", async () => {
    const { database: own } = await signIn(ready, person);
    const writing = new AbortController();
    const written: string[] = [];
    const titles = ({ data }: { data: { title: string }[] | null }) => (data ?? []).map(({ title }) => title);
    const busy = (async () => {
      while (!writing.signal.aborted) {
        const title = `Dream ${written.length}`;
        unwrap(await own.from("dreams").insert({ user_id: person.id, title }));
        written.push(title);
      }
    })();
    await expect.poll(() => written.length, { timeout: 20_000 }).toBeGreaterThan(20);
    const before = [...written];
    const copy = `${dataDir}-copy`;
    await cp(dataDir, copy, { recursive: true });
    writing.abort();
    await busy;

    const original = dataDir;
    dataDir = copy;
    const copied = start();
    const { database } = await signIn(await copied.ready, person);
    expect(titles(await database.from("dreams").select("title"))).toEqual(expect.arrayContaining(before));
    await stop(copied);
    await truncate(join(copy, "postgres", "global", "pg_control"), 100);
    await expect(start().ready).rejects.toThrow(/does not open.*npm run backup/);
    dataDir = original;
    await rm(copy, { recursive: true });
    unwrap(await own.from("dreams").delete().like("title", "Dream %"));
  });

  test("an account with another password is left alone and not offered", async () => {
    await stop(stack);
    stack = start([], { ...DEMO_ACCOUNT, password: "something else" });
    ready = await stack.ready;
    expect(ready.demo).toBeNull();
  });

  test("it does not outlive its parent", async () => {
    await stop(stack);
    const parentEntry = fileURLToPath(new URL("./stack-parent.ts", import.meta.url));
    const parent = fork(parentEntry, [dataDir], { execArgv: ["--import", import.meta.resolve("tsx")] });
    children.push(parent);
    const [stackPid] = z.tuple([z.number()]).parse(await once(parent, "message").then(([message]) => [message]));
    expect(isAlive(stackPid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(stackPid), { timeout: 10_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
