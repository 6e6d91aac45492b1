import type { Redis } from "@upstash/redis";

/** The three methods that the store calls. */
export type UpstashClient = Pick<Redis, "evalsha" | "eval" | "pipeline">;
export interface UpstashConnection {
  url: string;
  token: string;
}
export declare function createUpstashClient(connection: UpstashConnection): UpstashClient;
