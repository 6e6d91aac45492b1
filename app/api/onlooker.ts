import { isOperator } from "@/server/auth/operator";
import { getDeps } from "@/server/deps";
import type { Onlooker } from "@/server/insights/may-look";
import { requestContextOf } from "./request-context";

/** How the routes for operators recognise their caller. */
export function onlookerOf(request: Request): Onlooker {
  const { env } = getDeps();
  return {
    token: env.METRICS_TOKEN,
    fromOperator: async () => isOperator((await requestContextOf(request)).user, env),
  };
}
