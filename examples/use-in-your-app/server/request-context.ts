import { cookies } from "next/headers";
import { cache } from "react";
import { getDeps } from "./deps";
import type { RequestContext } from "./trpc";

/** In place of your sign-in: a cookie names the person. */
export const createRequestContext = cache(async (): Promise<RequestContext> => {
  const memberId = (await cookies()).get("member")?.value;
  return { ...getDeps(), user: memberId === undefined ? null : { id: memberId } };
});
