import type { PGlite } from "@supabase/lite/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPglite } from "@/server/local/pglite";

// The settings of a transaction, made as the API makes them.

let driver: PGlite;
let close: () => Promise<void>;
beforeAll(async () => {
  const connection = await openPglite();
  ({ driver } = connection);
  close = () => connection.close();
  await driver.exec("create role authenticated");
}, 60_000);
afterAll(() => close());

const set = (name: string, value: string) => driver.query(`SELECT set_config('${name}', $1, true)`, [value]);

async function settings(): Promise<unknown> {
  const { rows } = await driver.query(
    "select current_user::text as role, current_setting('request.jwt.claims', true) as claims, $1::text as given",
    ["unchanged"],
  );
  return rows[0];
}

it("are in effect for every statement after them, and end with the transaction", async () => {
  const before = await settings();
  await driver.query("BEGIN");
  await set("role", "authenticated");
  await driver.query('SET LOCAL ROLE "authenticated"');
  await set("request.jwt.claims", `{"name":"O'Hara $2"}`);
  const during = { role: "authenticated", claims: `{"name":"O'Hara $2"}`, given: "unchanged" };
  expect(await settings()).toEqual(during);
  await set("request.jwt.claims", "");
  expect(await settings()).toEqual({ ...during, claims: "" });
  await driver.query("COMMIT");
  expect(await settings()).toEqual({ ...Object(before), claims: "" });
});

it.each(["COMMIT", "ROLLBACK"])("do not outlive a transaction without another statement: %s", async (end) => {
  const before = await settings();
  await driver.query("BEGIN");
  await set("role", "authenticated");
  await set("request.jwt.claims", "{}");
  await driver.query(end);
  expect(await settings()).toEqual(before);
});

it("are in effect for statements that are run as one text, too", async () => {
  await driver.query("BEGIN");
  await set("role", "authenticated");
  const [result] = await driver.exec("select current_user::text as role");
  expect(result?.rows).toEqual([{ role: "authenticated" }]);
  await driver.query("COMMIT");
});

it("that are refused fail the next statement", async () => {
  await driver.query("BEGIN");
  await set("role", "nobody_of_this_name");
  await expect(settings()).rejects.toThrow(/nobody_of_this_name/);
  await driver.query("ROLLBACK");
  await settings();
});
