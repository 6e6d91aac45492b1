import type { AuthenticatedUser } from "@/server/auth/access-token";
import type { BackgroundRunner, Cache } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { OpenUserDatabase, UserDatabase } from "@/server/database/client";
import type { Logger } from "@/server/telemetry/logger";
import type { RequestScope } from "@/server/telemetry/request-scope";
import type { Telemetry } from "@/server/telemetry/telemetry";

/** What the process counts with. Each feature adds its own instruments where it defines them. */
// biome-ignore lint/suspicious/noEmptyInterface: Features add to it.
export interface Metrics {}

/** What the process shares between requests. A feature's router adds what only that feature needs. */
export interface Services {
  cache: Cache;
  clock: Clock;
  background: BackgroundRunner;
  logger: Logger;
  /** Which request the running code belongs to; the logger asks it. */
  requests: RequestScope;
  telemetry: Telemetry;
  metrics: Metrics;
  /** Whether this person may see how the app is doing. */
  isOperator(user: { id: string; email: string }): boolean;
  openDatabase: OpenUserDatabase;
  /** The account that anyone may continue as, where there is one. */
  demoEmail: string | undefined;
}

/** Kept to a few keys, because tRPC copies it in every middleware that adds to it. */
export interface RequestContext {
  services: Services;
  cache: Cache;
  logger: Logger;
  requestId: string;
  user: AuthenticatedUser | null;
  /** How many procedures the request calls at once. */
  calls: number;
}

/** The context of a signed-in person's procedure. */
export interface SignedInContext extends RequestContext {
  user: AuthenticatedUser;
  /** The database, acting as this person; built when first asked for. */
  database: () => UserDatabase;
}

/** Builds a request's context without HTTP: tests and server code call the router through it. */
export function createRequestContext(
  services: Services,
  { requestId, user, calls = 1 }: { requestId: string; user: AuthenticatedUser | null; calls?: number },
): RequestContext {
  return { services, cache: services.cache, logger: services.logger, requestId, user, calls };
}
