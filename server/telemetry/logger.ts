import { trace } from "@opentelemetry/api";
import type { DestinationStream, Logger } from "pino";
import pino from "pino";
import pretty from "pino-pretty";
import type { RequestScope } from "./request-scope";
import { safeError } from "./safe-error";

export type { Logger };

const SECRETS = ["accessToken", "refreshToken", "authorization", "cookie", "password", "token", "secret", "apiKey"];
const CONTENT = ["content", "text", "title", "description", "name", "label", "words", "prompt", "email"];
const REDACTED = [...SECRETS, ...CONTENT].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

export interface LoggerOptions {
  /** Default: standard output. */
  destination?: DestinationStream;
  /** Provides the request id of each line. */
  requests?: RequestScope;
}

/**
 * The process's logger: JSON lines, or readable ones when standard output is a terminal. Fields with secrets or with
 * what a person wrote are redacted everywhere, and of an error only what reveals nothing about a person is logged.
 * Lines written while a request is served carry its id and the id of its trace.
 */
export function createLogger(level: string, { destination, requests }: LoggerOptions = {}): Logger {
  const stream = destination ?? (process.stdout.isTTY ? pretty({ colorize: true, sync: true }) : pino.destination(1));
  return pino(
    {
      level,
      base: { service: "clarify" },
      redact: { paths: REDACTED, censor: "[redacted]" },
      serializers: { err: safeError, error: safeError },
      mixin: () => {
        const requestId = requests?.requestId;
        const traceId = trace.getActiveSpan()?.spanContext().traceId;
        return { ...(requestId !== undefined && { requestId }), ...(traceId !== undefined && { traceId }) };
      },
    },
    stream,
  );
}
