import { z } from "zod";

/** Runs SQL as the database's owner, without row-level security. */
export type RunSql = (query: string, parameters?: unknown[]) => Promise<Record<string, unknown>[]>;

const answer = z.union([
  z.object({ rows: z.array(z.record(z.string(), z.unknown())) }),
  z.object({ error: z.string() }),
]);

/** Direct SQL on the test stack that the API would not allow, for plans, bulk rows and backdating. */
export function createSqlClient(stack: { sqlUrl: string; secretKey: string }): RunSql {
  return async (query, parameters = []) => {
    const response = await fetch(stack.sqlUrl, {
      method: "POST",
      headers: { apikey: stack.secretKey },
      body: JSON.stringify({ query, parameters }),
    });
    const result = answer.parse(await response.json());
    if ("error" in result) throw new Error(`SQL failed: ${result.error}`);
    return result.rows;
  };
}

/** Serves a {@link RunSql} to test files, which run in processes of their own. */
export function createSqlHandler(run: RunSql, secretKey: string) {
  const body = z.object({ query: z.string(), parameters: z.array(z.unknown()) });
  return async (request: Request): Promise<Response> => {
    if (request.headers.get("apikey") !== secretKey) return Response.json({ error: "wrong key" }, { status: 401 });
    const { query, parameters } = body.parse(await request.json());
    try {
      return Response.json({ rows: await run(query, parameters) });
    } catch (error) {
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 400 });
    }
  };
}
