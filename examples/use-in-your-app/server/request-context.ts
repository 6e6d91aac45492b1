import { cookies } from "next/headers";
import { cache } from "react";
import { getDeps } from "./deps";
import type { RequestContext } from "./trpc";

/** Stands for your sign-in: a cookie says who is asking. */
export const createRequestContext = cache(async (): Promise<RequestContext> => {
  const memberId = (await cookies()).get("member")?.value;
  return { ...getDeps(), user: memberId === undefined ? null : { id: memberId } };
});
