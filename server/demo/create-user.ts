import { z } from "zod";
import { AuthRefusedError, codeOf, fetchAuth } from "@/server/auth/auth-server";
import type { DemoAccount } from "@/server/auth/demo-copy";

export interface AuthAdmin {
  url: string;
  publishableKey: string;
  secretKey: string;
  /** The embedded auth server has no admin API, but it lets an account in whose address is not confirmed. */
  embedded: boolean;
}

const answer = z.union([
  z.object({ id: z.guid() }),
  z.object({ user: z.object({ id: z.guid() }) }).transform(({ user }) => user),
]);

/**
 * Creates an account whose address needs no confirmation, and returns its id.
 * @throws {AuthRefusedError} when the auth server answers anything else; what `fetch` throws when it cannot be reached.
 */
export async function createUser(admin: AuthAdmin, account: DemoAccount, name: string): Promise<string> {
  const { url, publishableKey, secretKey, embedded } = admin;
  const key = embedded ? publishableKey : secretKey;
  const response = await fetchAuth(new URL(embedded ? "/auth/v1/signup" : "/auth/v1/admin/users", url), {
    method: "POST",
    headers: { apikey: key, authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(
      embedded ? { ...account, data: { name } } : { ...account, email_confirm: true, user_metadata: { name } },
    ),
  });
  if (!response.ok) {
    throw new AuthRefusedError("create an account", { status: response.status, code: await codeOf(response) });
  }
  return answer.parse(await response.json()).id;
}
