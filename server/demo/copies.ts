import type { DemoAccount } from "@/server/auth/demo-copy";
import { newCopyAccount } from "@/server/auth/demo-copy";
import type { Clock } from "@/server/clock";
import type { ServiceDatabase } from "@/server/database/client";
import { toDatabaseError } from "@/server/database/errors";
import type { AuthAdmin } from "./create-user";
import { createUser } from "./create-user";
import { DEMO_NAME, writeDemoLife } from "./write-life";

/** The most copies at a time, so that they cannot fill the database. A copy has about 200 rows. */
const MOST_COPIES = 500;

export interface DemoCopiesOptions {
  admin: AuthAdmin;
  database: ServiceDatabase;
  clock: Pick<Clock, "now">;
}

/**
 * Makes an account with the demo's life for one visitor. The database ends it after 24 hours, also if this dies halfway.
 * @returns how to sign in to it; null while there are as many copies as there may be
 * @throws {AuthRefusedError | DatabaseError} and what `fetch` throws.
 */
export async function openDemoCopy({ admin, database, clock }: DemoCopiesOptions): Promise<DemoAccount | null> {
  if ((await countCopies(database)) >= MOST_COPIES) return null;
  const account = newCopyAccount();
  const userId = await createUser(admin, account, DEMO_NAME);
  await writeDemoLife(database, userId, new Date(clock.now()));
  return account;
}

async function countCopies(database: ServiceDatabase): Promise<number> {
  const copies = database.from("users").select("id", { count: "exact", head: true });
  const response = await copies.not("demo_ends_at", "is", null);
  if (response.error !== null || response.count === null) throw toDatabaseError(response);
  return response.count;
}
