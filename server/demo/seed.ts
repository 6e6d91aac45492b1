import { createClient } from "@supabase/supabase-js";
import type { DemoAccount } from "@/server/auth/demo-copy";
import { openServiceDatabase } from "@/server/database/client";
import { instant } from "./life";
import { MEMBER_SINCE } from "./rows";
import { DEMO_NAME, writeDemoLife } from "./write-life";

/** The default of DEMO_EMAIL and DEMO_PASSWORD. */
export const DEMO_ACCOUNT: DemoAccount = { email: "maya@clarify.example", password: "wheel-and-water" };

export interface SeedOptions {
  url: string;
  publishableKey: string;
  /** For rows that a person may not write: replies, patterns, and rows older than today. */
  secretKey: string;
  account: DemoAccount;
  /** The time of the seeding, to which all times of the demo data are relative. */
  now: Date;
  /** Sets the profile's date of creation to the beginning of the demo data. */
  backdateProfile: (userId: string, since: string) => Promise<void>;
  /**
   * Protects the account from being removed or locked by a visitor. Called at every start, because data of an older
   * version lacks it.
   */
  shareAccount: (userId: string) => Promise<void>;
}

/** `written`: the data is new; `present`: the data existed; `locked`: the account has another password. */
export type SeedResult = "written" | "present" | "locked";

/**
 * Signs the demo person up and writes their data through the API, once. When all of it is stored, the account is
 * marked, and later starts leave the data alone, whatever happened to it.
 */
export async function seedDemoAccount(options: SeedOptions): Promise<SeedResult> {
  const { url, publishableKey, secretKey, account, now, backdateProfile, shareAccount } = options;
  const client = createClient(url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } });
  const signedIn = await client.auth.signInWithPassword(account);
  const { data, error } = signedIn.error
    ? await client.auth.signUp({ ...account, options: { data: { name: DEMO_NAME } } })
    : signedIn;
  if (error?.code === "user_already_exists") return "locked";
  if (error) throw error;
  const { session, user } = data;
  if (!session || !user) throw new Error("The demo account needs a confirmed e-mail address before it can be used.");
  try {
    await shareAccount(user.id);
    if (user.user_metadata.demo_data === "complete") return "present";
    await writeDemoLife(openServiceDatabase({ url, secretKey }), user.id, now);
    await backdateProfile(user.id, instant(MEMBER_SINCE, now).toISOString());
    const marked = await client.auth.updateUser({ data: { demo_data: "complete" } });
    if (marked.error) throw marked.error;
    return "written";
  } finally {
    await client.auth.signOut({ scope: "local" });
  }
}
