import { Redis } from "ioredis";
import type { BackendAddress } from "../backend-client";

/** The client as it comes. It would print each failed connection. */
export function ioredis({ redisTcpUrl }: Pick<BackendAddress, "redisTcpUrl">): Redis {
  const redis = new Redis(redisTcpUrl);
  redis.on("error", () => undefined);
  return redis;
}
