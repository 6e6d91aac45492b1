import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { expect, inject, it, vi } from "vitest";
import { openUserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import { seedDemoAccount } from "@/server/demo/seed";
import { createSqlClient } from "@/tests/support/database/sql";

const stack = inject("stack");
const sql = createSqlClient(stack);

it("is shared at every start, also with data of a version that did not share it", async () => {
  const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
  const shareAccount = vi.fn(async (_userId: string) => {});
  const seed = () =>
    seedDemoAccount({ ...stack, account, now: new Date(), backdateProfile: async () => {}, shareAccount });
  expect(await seed()).toBe("written");
  shareAccount.mockImplementation(async (userId) => {
    await sql("insert into private.shared_accounts values ($1) on conflict do nothing", [userId]);
  });
  expect(await seed()).toBe("present");
  expect(await seed()).toBe("present");

  const client = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
  const { data } = await client.auth.signInWithPassword(account);
  const database = openUserDatabase({ ...stack, accessToken: data.session?.access_token ?? "" });
  const removing = database.rpc("remove_account", { p_email: account.email }).then(unwrap);
  await expect(removing).rejects.toMatchObject({ code: "forbidden" });
});
