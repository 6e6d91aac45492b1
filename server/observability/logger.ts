import type { DestinationStream, Logger } from "pino";
import pino from "pino";
import pretty from "pino-pretty";

export type { Logger };

const REDACTED = ["*.accessToken", "*.authorization", "*.cookie", "*.content", "*.text", "*.email", "*.password"];

/**
 * The process's logger: JSON lines, or readable ones when standard output is a terminal. Fields that hold secrets or
 * what a person wrote are redacted wherever they appear.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const stream = destination ?? (process.stdout.isTTY ? pretty({ colorize: true, sync: true }) : pino.destination(1));
  return pino({ level, base: { service: "clarify" }, redact: { paths: REDACTED, censor: "[redacted]" } }, stream);
}
