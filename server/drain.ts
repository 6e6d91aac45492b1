import type { Cache } from "./cache";
import type { Clock } from "./clock";
import type { RunningReplies } from "./conversation/running-replies";
import type { HttpServers } from "./http-guard";
import type { Logger } from "./telemetry/logger";
import type { ProcessTelemetry } from "./telemetry/telemetry";

/** The deadline of each step except the replies, in milliseconds. */
const STEP_MS = 5_000;

export interface DrainDependencies {
  replies: Pick<RunningReplies, "close" | "cut">;
  servers: HttpServers;
  cache: Pick<Cache, "close">;
  /** Stops sampling metrics after storing the last of them. */
  stopSampling(): Promise<void>;
  telemetry: Pick<ProcessTelemetry, "shutdown">;
  clock: Pick<Clock, "pause">;
  logger: Logger;
  /** How long running replies may still take, in milliseconds. */
  repliesMs: number;
}

/**
 * Ends the process's running work, in the order in which one part needs the next: replies, requests, what the cache has
 * yet to store or outdate, metrics, telemetry. Replies that still run after `repliesMs` are stopped, and their text is
 * stored. A step that fails or takes too long does not prevent the next one. Never rejects.
 */
export async function drain(dependencies: DrainDependencies): Promise<void> {
  const { replies, servers, cache, stopSampling, telemetry, clock, logger, repliesMs } = dependencies;
  const step = async (name: string, work: Promise<void>, withinMs = STEP_MS): Promise<boolean> => {
    const settled = new AbortController();
    const late = clock.pause(withinMs, settled.signal).then(() => true);
    try {
      const isLate = await Promise.race([work.then(() => false), late]);
      if (isLate) logger.warn({ step: name, withinMs }, "not drained in time");
      return !isLate;
    } catch (err) {
      logger.error({ step: name, err }, "not drained");
      return false;
    } finally {
      late.catch(() => undefined); // Aborted.
      settled.abort();
    }
  };

  logger.info("draining");
  if (!(await step("replies", replies.close(), repliesMs))) await step("cut replies", replies.cut());
  // Requests that follow a reply end with it.
  await step("requests", servers.close(STEP_MS / 2));
  await step("cache", cache.close());
  await step("figures", stopSampling());
  logger.info("drained");
  await step("telemetry", telemetry.shutdown());
}
