import { createClient } from "@supabase/supabase-js";
import { beforeEach, expect, inject, it } from "vitest";
import type { DemoAccount } from "@/server/auth/demo-copy";
import { createCache } from "@/server/cache";
import { memory } from "@/server/cache/memory";
import { systemClock } from "@/server/clock";
import { openServiceDatabase, openUserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { openDemoCopy } from "@/server/demo/copies";
import { createUser } from "@/server/demo/create-user";
import { removeEndedCopies } from "@/server/demo/remove-ended-copies";
import { createLogger } from "@/server/telemetry/logger";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";
import { createSqlClient } from "@/tests/support/database/sql";
import { createTestApp } from "@/tests/support/test-app";

const stack = inject("stack");
const sql = createSqlClient(stack);
const database = openServiceDatabase(stack);
const admin = { ...stack, embedded: true };
const app = createTestApp({ stack });
const open = () => openDemoCopy({ admin, database, clock: systemClock });

async function visit(copy: DemoAccount | null): Promise<Person> {
  if (copy === null) throw new Error("There is no room for a copy");
  const client = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
  const { data, error } = await client.auth.signInWithPassword(copy);
  if (error) throw error;
  const accessToken = data.session.access_token;
  return { id: data.user.id, email: copy.email, accessToken, database: openUserDatabase({ ...stack, accessToken }) };
}

const sweep = (of = database) =>
  removeEndedCopies({
    database: of,
    cache: createCache({ store: memory(), background: { run: (_name, task) => void task() } }),
    clock: systemClock,
    logger: createLogger("silent"),
  });
const endNow = (...people: { id: string }[]) =>
  sql("update public.users set demo_ends_at = now() - interval '1 second' where id = any ($1)", [
    people.map(({ id }) => id),
  ]);
const isThere = async ({ id }: { id: string }) =>
  (await sql("select 1 from auth.users where id = $1", [id])).length === 1;

beforeEach(() => sql("delete from auth.users where email like '%@demo.invalid'"));

it("is the demo's whole life, in an account of the visitor's own, for a day", async () => {
  const [noa, tal] = [await visit(await open()), await visit(await open())];
  expect(noa.id).not.toBe(tal.id);
  const { items } = await app.as(noa).sessions.list({ status: "active" });
  expect(items.length).toBeGreaterThan(3);
  await app.as(noa).sessions.remove({ sessionId: items[0]?.id ?? "" });
  expect((await app.as(tal).sessions.list({ status: "active" })).items).toHaveLength(items.length);

  const account = await app.as(noa).account.get();
  expect(account).toMatchObject({ isDemo: true, name: "Maya Levin" });
  const leftMs = Date.parse(account.demoEndsAt ?? "") - Date.now();
  expect(leftMs).toBeGreaterThan(23 * 3_600_000);
  expect(leftMs).toBeLessThanOrEqual(24 * 3_600_000);
  expect(await app.as(await createPerson(stack)).account.get()).toMatchObject({ isDemo: false, demoEndsAt: null });
});

it("cannot be kept longer by its visitor, and no other account can be made to end", async () => {
  const [noa, person] = [await visit(await open()), await createPerson(stack)];
  const longer = { demo_ends_at: "2100-01-01T00:00:00Z" };
  for (const one of [noa, person]) {
    const change = one.database
      .from("users")
      .update(longer as never)
      .eq("id", one.id);
    await expect(change.then(unwrap)).rejects.toMatchObject({ code: "forbidden" });
  }
  await person.database.rpc("remove_ended_demo", { p_user_id: noa.id });
  await noa.database.rpc("remove_ended_demo", { p_user_id: person.id });
  expect([await isThere(noa), await isThere(person)]).toEqual([true, true]);
});

it("is removed when it has ended, and not before; nobody else is", async () => {
  const [ended, current, person] = [await visit(await open()), await visit(await open()), await createPerson(stack)];
  await endNow(ended);
  expect(await sweep()).toEqual({ copies: 1, failed: 0 });
  expect([await isThere(ended), await isThere(current), await isThere(person)]).toEqual([false, true, true]);
  await expect(app.as(ended).account.get()).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await sweep()).toEqual({ copies: 0, failed: 0 });
});

it("ends also when the app died while making it", async () => {
  const copy = { email: `visitor-${crypto.randomUUID()}@demo.invalid`, password: crypto.randomUUID() };
  const half = { id: await createUser(admin, copy, "Maya Levin") };
  await endNow(half);
  await sweep();
  expect(await isThere(half)).toBe(false);
});

it("is removed by the next run when a run fails halfway", async () => {
  const [one, other] = [await visit(await open()), await visit(await open())];
  await endNow(one, other);
  let calls = 0;
  const failing: typeof database = {
    from: database.from.bind(database),
    rpc: ((...call: Parameters<typeof database.rpc>) => {
      calls += 1;
      if (calls === 1) throw new Error("The database went away");
      return database.rpc(...call);
    }) as typeof database.rpc,
  };
  expect(await sweep(failing)).toEqual({ copies: 1, failed: 1 });
  expect(await sweep()).toEqual({ copies: 1, failed: 0 });
  expect([await isThere(one), await isThere(other)]).toEqual([false, false]);
});

it("is not made while there are as many as there may be", async () => {
  await sql(
    `insert into auth.users (id, email) select gen_random_uuid(), 'crowd-' || number || '@demo.invalid'
     from generate_series(1, 500) as number`,
  );
  expect(await open()).toBeNull();
  await sql("delete from auth.users where email = 'crowd-1@demo.invalid'");
  expect(await open()).not.toBeNull();
});
