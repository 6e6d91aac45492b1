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

/** What the requests of a process share. The router of a feature adds what only that feature needs. */
export interface Services {
  cache: Cache;
  clock: Clock;
  background: BackgroundRunner;
  logger: Logger;
  /** The request of the running code, for the logger. */
  requests: RequestScope;
  telemetry: Telemetry;
  metrics: Metrics;
  /** Whether this person may use the operators' pages. */
  isOperator(user: { id: string; email: string }): boolean;
  openDatabase: OpenUserDatabase;
  /** The account that the embedded stack made; its password is in the documentation. */
  sharedEmail: string | undefined;
}

/** Has only a few keys, because tRPC copies it in every middleware that adds to it. */
export interface RequestContext {
  services: Services;
  cache: Cache;
  logger: Logger;
  requestId: string;
  /** Whether the person has written within the last moments, through this process or another: see `just-wrote.ts`. */
  justWrote: boolean;
  user: AuthenticatedUser | null;
  /** How many procedures the request calls. */
  calls: number;
}

/** The context of a signed-in person's procedure. */
export interface SignedInContext extends RequestContext {
  user: AuthenticatedUser;
  /** Creates the database client of this person on the first call. */
  database: () => UserDatabase;
}

type RequestFacts = Pick<RequestContext, "requestId" | "user"> & Partial<Pick<RequestContext, "justWrote" | "calls">>;

/** Creates a request's context without HTTP, for tests and server code that call the router. */
export function createRequestContext(
  services: Services,
  { justWrote = false, calls = 1, ...request }: RequestFacts,
): RequestContext {
  return { services, cache: services.cache, logger: services.logger, justWrote, calls, ...request };
}
