import { describe, expect, inject, test } from "vitest";
import { tables } from "@/server/database/schema";
import type { TableName } from "@/server/database/types";
import { createSqlClient } from "@/tests/support/database/sql";

const sql = createSqlClient(inject("stack"));
const names = Object.keys(tables) as TableName[];

test("the database has the tables that the types describe, and no others", async () => {
  const rows = await sql("select table_name from information_schema.tables where table_schema = 'public'");
  expect(rows.map((row) => row.table_name).sort()).toEqual([...names].sort());
});

describe.each(names)("%s", (name) => {
  const columns = Object.entries(tables[name]);

  test("has the columns that its type describes, in their types", async () => {
    const rows = await sql(
      `select column_name, data_type, is_nullable = 'YES' as nullable, column_default is not null as has_default
       from information_schema.columns where table_schema = 'public' and table_name = $1`,
      [name],
    );
    const actual = rows.map((row) => [
      row.column_name,
      { sqlType: row.data_type, nullable: row.nullable, optional: row.nullable || row.has_default },
    ]);
    const described = columns.map(([column, { sqlType, nullable, optional, mode }]) => [
      column,
      // A derived column is filled in by the database, with a default or without.
      { sqlType, nullable, optional: mode === "derived" ? expect.any(Boolean) : optional },
    ]);
    expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(described));
  });

  test("allows the values that its type does, and no others", async () => {
    const rows = await sql(
      `select pg_get_constraintdef(oid) as definition from pg_constraint
       where conrelid = format('public.%I', $1::text)::regclass and contype = 'c'`,
      [name],
    );
    const allowed = rows.flatMap(({ definition }) => {
      const [, column, values] = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(String(definition)) ?? [];
      return column && values ? [[column, [...values.matchAll(/'(\w+)'::text/g)].map(([, value]) => value)]] : [];
    });
    const described = columns.flatMap(([column, { values }]) => (values ? [[column, [...values]]] : []));
    expect(Object.fromEntries(allowed)).toEqual(Object.fromEntries(described));
  });

  test("protects the columns that its type declares as not changeable", async () => {
    const [trigger] = await sql(
      `select pg_get_triggerdef(oid) as definition from pg_trigger
       where tgrelid = format('public.%I', $1::text)::regclass and tgname = 'a_keep_columns'`,
      [name],
    );
    const guarded = [...String(trigger?.definition).matchAll(/'(\w+)'/g)].map(([, column]) => column);
    const kept = columns.filter(([, { mode }]) => mode !== "writable").map(([column]) => column);
    expect(guarded.sort()).toEqual(kept.sort());
  });
});
