import { carriesSecret } from "@/server/auth/bearer-secret";

/** What identifies a caller who may read the figures of the process. */
export interface Onlooker {
  /** The bearer token that a scraper or a probe sends. Without one, only operators may read. */
  token: string | undefined;
  /** Whether the request comes from a signed-in operator. Called only if the request has no valid token. */
  fromOperator: () => Promise<boolean>;
}

/** Whether the caller may read the figures of the process. */
export async function mayLook(request: Request, { token, fromOperator }: Onlooker): Promise<boolean> {
  return (token !== undefined && carriesSecret(request, token)) || (await fromOperator());
}
