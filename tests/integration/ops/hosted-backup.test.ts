import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signUpPerson } from "@/tests/support/database/person";
import type { RunSql } from "@/tests/support/database/sql";
import { createSqlClient } from "@/tests/support/database/sql";
import type { TestStack } from "@/tests/support/database/test-stack";
import { startStack } from "@/tests/support/database/test-stack";

// The commands of OPERATIONS.md are run as they stand there, between two databases of the PostgreSQL that DATABASE_URL names.

const serverUrl = process.env.DATABASE_URL;
const hasTools = ["pg_dump", "psql"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
const missing = serverUrl && hasTools ? "" : " (skipped: needs DATABASE_URL, pg_dump and psql)";

const TABLES = [
  ...["public.users", "public.dreams", "public.clarify_sessions", "public.clarify_messages", "public.clarify_variants"],
  ...["public.clarify_patterns", "public.reflections", "private.model_calls", "private.item_words", "auth.identities"],
];

describe.skipIf(missing !== "")(`a hosted project's backup${missing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "clarify-hosted-"));
  let stacks: TestStack[] = [];
  beforeAll(async () => {
    stacks = [await startStack(), await startStack()];
  }, 120_000);
  afterAll(async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    rmSync(folder, { recursive: true });
  });

  /** The commands under a heading of OPERATIONS.md, in their order. */
  function commandsUnder(heading: string): string[] {
    const [, section = ""] = readFileSync("OPERATIONS.md", "utf8").split(`\n### ${heading}\n`);
    const [text = ""] = section.split(/\n##+ /);
    return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command = ""]) => command);
  }

  async function runOn(sql: RunSql, command: string): Promise<void> {
    const [row] = await sql("select current_database() as name");
    const url = new URL(String(serverUrl));
    url.pathname = `/${row?.name}`;
    const env = { ...process.env, DATABASE_URL: url.href, BACKUP: join(folder, "clarify.sql") };
    execFileSync("sh", ["-ec", command], { env, stdio: ["ignore", "ignore", "inherit"] });
  }

  it("brings back every row, and people sign in with their passwords", async () => {
    const [from, to] = stacks.map(({ address }) => address);
    if (from === undefined || to === undefined) throw new Error("Two databases are needed");
    const [sql, target] = [createSqlClient(from), createSqlClient(to)];
    const person = await signUpPerson(from, { name: "Noa" });
    const [sessionId, messageId] = [randomUUID(), randomUUID()];
    await sql(`insert into public.clarify_sessions (id, user_id) values ($1, $2)`, [sessionId, person.id]);
    await sql(
      `insert into public.clarify_messages (id, user_id, session_id, role, content, reply_to) values
         ($1, $2, $3, 'user', 'It''s a "backslash \\ and 漢字"', null), (gen_random_uuid(), $2, $3, 'assistant', 'I hear', $1)`,
      [messageId, person.id, sessionId],
    );
    await sql(
      `insert into public.clarify_variants (id, user_id, session_id, message_id, variant, question, content, status, created_at)
       values (gen_random_uuid(), $1, $2, $3, 2, 'Hello', 'Hm', 'complete', now())`,
      [person.id, sessionId, messageId],
    );
    await sql(`insert into public.dreams (user_id, session_id, title) values ($1, $2, 'Sail')`, [person.id, sessionId]);
    await sql(`update public.clarify_sessions set dream_id = (select id from public.dreams)`);
    await sql(`insert into public.clarify_patterns (user_id, type, content) values ($1, 'tension', 'Both')`, [
      person.id,
    ]);
    await sql(`insert into public.reflections (user_id, tone, content) values ($1, 'calm', 'Quiet')`, [person.id]);
    await sql(`insert into private.model_calls (id, user_id, day, tokens) values ($1, $2, now(), 5)`, [
      randomUUID(),
      person.id,
    ]);

    const [dump = "", restore = ""] = commandsUnder("A hosted project");
    await runOn(sql, dump);
    await runOn(target, restore);

    for (const table of TABLES) {
      const rows = await sql(`select to_jsonb(kept) as kept from ${table} as kept order by 1`);
      expect(rows.length, table).toBeGreaterThan(0);
      expect(await target(`select to_jsonb(kept) as kept from ${table} as kept order by 1`), table).toEqual(rows);
    }
    const response = await fetch(`${to.url}/auth/v1/token?grant_type=password`, {
      method: "POST",
      headers: { apikey: to.publishableKey, "content-type": "application/json" },
      body: JSON.stringify({ email: person.email, password: person.password }),
    });
    expect(response.status).toBe(200);
  });
});
