import type { PGlite, PgliteConnection } from "@supabase/lite/pglite";
import { createPgliteConnection } from "@supabase/lite/pglite";

/** Opens PostgreSQL in this process. Without a folder it is in memory. */
export async function openPglite(folder?: string): Promise<PgliteConnection> {
  const connection = await createPgliteConnection(folder === undefined ? {} : { url: folder });
  await connection.driver.waitReady;
  joinSettings(connection.driver);
  return connection;
}

/** Statements that only set something until the end of the transaction, as the API begins each of its transactions. */
const SET_CONFIG = /^select set_config\('([\w.]+)', (?:\$1|''), true\)$/i;
const SET_ROLE = /^set local role "(\w+)"$/i;
const ENDS_TRANSACTION = /^(commit|rollback)$/i;

/**
 * Holds the settings of a transaction back, and makes all of them with one statement as soon as another kind of statement
 * follows. The API begins each transaction with six of them, or eleven for a function, and each costs as much as a small
 * query. The error of a setting is therefore that of the statement after it.
 */
function joinSettings(driver: PGlite): void {
  const query: PGlite["query"] = driver.query.bind(driver);
  const exec: PGlite["exec"] = driver.exec.bind(driver);
  const held: [name: string, value: string][] = [];

  async function makeHeld(): Promise<void> {
    const settings = held.splice(0);
    if (settings.length === 0) return;
    const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
    await query(`select ${calls.join(", ")}`, settings.flat());
  }

  driver.query = async (text, parameters = [], options) => {
    const name = SET_CONFIG.exec(text)?.[1];
    const role = SET_ROLE.exec(text)?.[1];
    if (name !== undefined) held.push([name, String(parameters[0] ?? "")]);
    if (role !== undefined) held.push(["role", role]);
    if (name !== undefined || role !== undefined) return { rows: [], fields: [] };
    if (ENDS_TRANSACTION.test(text)) held.length = 0;
    await makeHeld();
    return query(text, parameters, options);
  };
  driver.exec = async (text, options) => {
    await makeHeld();
    return exec(text, options);
  };
}
