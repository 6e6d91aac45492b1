import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { SignJWT } from "jose";
import type { UserDatabase } from "@/server/database/client";
import { openUserDatabase } from "@/server/database/client";
import { createSqlClient } from "./sql";
import type { StackAddress } from "./test-stack";

export interface Person {
  id: string;
  email: string;
  accessToken: string;
  database: UserDatabase;
}

/** A person who signed up through the API. */
export interface SignedUpPerson extends Person {
  password: string;
}

interface PersonOptions {
  name?: string;
  email?: string;
}

type PublicAddress = Pick<StackAddress, "url" | "publishableKey">;

const newEmail = () => `${randomUUID()}@example.com`;

/**
 * A new person. Every test creates the people it needs, so that tests share only the server. Inserted as a sign-up
 * would, but without a password, which takes a tenth of a second to hash, and without a session.
 */
export async function createPerson(
  stack: StackAddress,
  { name, email = newEmail() }: PersonOptions = {},
): Promise<Person> {
  const sql = createSqlClient(stack);
  const [row] = await sql(
    `insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
     values (gen_random_uuid(), 'authenticated', 'authenticated', $1::text, now(), '{"provider":"email"}',
       jsonb_strip_nulls(jsonb_build_object('name', $2::text))) returning id`,
    [email, name ?? null],
  );
  const id = String(row?.id);
  const accessToken = await new SignJWT({ role: "authenticated", email })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(id)
    .setAudience("authenticated")
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(stack.jwtSecret));
  return { id, email, accessToken, database: openUserDatabase({ ...stack, accessToken }) };
}

/** Signs up a new person, as the sign-up page does. */
export async function signUpPerson(
  stack: PublicAddress,
  { name, email = newEmail() }: PersonOptions = {},
): Promise<SignedUpPerson> {
  const { url, publishableKey } = stack;
  const client = createClient(url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } });
  const password = randomUUID();
  const options = name === undefined ? {} : { options: { data: { name } } };
  const { data, error } = await client.auth.signUp({ email, password, ...options });
  if (error) throw error;
  if (!data.session) throw new Error("The sign-up gave no session");
  const { access_token: accessToken, user } = data.session;
  const database = openUserDatabase({ ...stack, accessToken });
  return { id: user.id, email, password, accessToken, database };
}
