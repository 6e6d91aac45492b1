import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import type { UserDatabase } from "@/server/database/client";
import { openUserDatabase } from "@/server/database/client";

export interface Person {
  id: string;
  email: string;
  password: string;
  accessToken: string;
  database: UserDatabase;
}

/** Signs up somebody new. Every test makes the people it needs, so that tests share nothing but the server. */
export async function createPerson(
  stack: { url: string; publishableKey: string },
  { name, email = `${randomUUID()}@example.com` }: { name?: string; email?: string } = {},
): Promise<Person> {
  const client = createClient(stack.url, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const password = randomUUID();
  const options = name === undefined ? {} : { options: { data: { name } } };
  const { data, error } = await client.auth.signUp({ email, password, ...options });
  if (error) throw error;
  if (!data.session) throw new Error("The sign-up gave no session");
  const accessToken = data.session.access_token;
  return {
    id: data.session.user.id,
    email,
    password,
    accessToken,
    database: openUserDatabase({ ...stack, accessToken }),
  };
}
