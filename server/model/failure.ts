import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { SilenceError } from "./silence";

/** Why a call of the model failed. */
export type ModelFailureCode =
  /** The model has too much load at the moment. */
  | "overloaded"
  /** We have sent too many requests. */
  | "rate_limited"
  /** The key, the account or the model's name is wrong, so that every call fails. */
  | "unauthorized"
  /** The prompt is longer than the model can read. */
  | "too_long"
  /** The model does not accept this request. */
  | "rejected"
  | "unreachable"
  /** Nothing arrived for too long. */
  | "stalled"
  /** The answer was incomplete or malformed. */
  | "broken";

export interface ModelFailure {
  code: ModelFailureCode;
  /** Whether the same call may succeed a moment later. */
  passing: boolean;
  /** When the provider wants to be asked again, in milliseconds from now; null if it does not say. */
  retryAfterMs: number | null;
}

/** Anthropic's names of errors, which come with a status or, after a stream has begun, without. */
const BY_TYPE: Record<string, ModelFailureCode> = {
  overloaded_error: "overloaded",
  rate_limit_error: "rate_limited",
  authentication_error: "unauthorized",
  permission_error: "unauthorized",
  billing_error: "unauthorized",
  not_found_error: "unauthorized",
  request_too_large: "too_long",
  invalid_request_error: "rejected",
  timeout_error: "stalled",
  api_error: "broken",
};

const BY_STATUS: Record<number, ModelFailureCode> = {
  401: "unauthorized",
  402: "unauthorized",
  403: "unauthorized",
  404: "unauthorized",
  408: "stalled",
  409: "broken",
  413: "too_long",
  429: "rate_limited",
  503: "overloaded",
  504: "stalled",
  529: "overloaded",
};

const PASSING: ReadonlySet<ModelFailureCode> = new Set([
  "overloaded",
  "rate_limited",
  "unreachable",
  "stalled",
  "broken",
]);

/**
 * Classifies an error of the SDK. The result contains nothing of its message, which can quote the prompt.
 * @param now milliseconds since the epoch
 */
export function toModelFailure(error: unknown, now: number): ModelFailure {
  const code = codeOf(error);
  const headers = error instanceof APIError ? error.headers : undefined;
  const passing = PASSING.has(code) && headers?.get("x-should-retry") !== "false";
  return { code, passing, retryAfterMs: retryAfterMs(headers, now) };
}

function codeOf(error: unknown): ModelFailureCode {
  if (error instanceof SilenceError) return "stalled";
  if (error instanceof APIConnectionError) return error.cause instanceof SilenceError ? "stalled" : "unreachable";
  if (!(error instanceof APIError)) return "broken";
  const code = BY_TYPE[error.type ?? ""] ?? BY_STATUS[error.status ?? 0] ?? byClass(error.status);
  const tooLong = code === "rejected" && /prompt is too long|context (window|limit)/i.test(error.message);
  return tooLong ? "too_long" : code;
}

function byClass(status: number | undefined): ModelFailureCode {
  return status !== undefined && status >= 400 && status < 500 ? "rejected" : "broken";
}

function retryAfterMs(headers: Headers | undefined, now: number): number | null {
  const precise = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (precise >= 0) return precise;
  const after = headers?.get("retry-after") ?? "";
  const seconds = Number.parseFloat(after);
  if (/^\d/.test(after) && seconds >= 0) return seconds * 1_000;
  const at = Date.parse(after);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
