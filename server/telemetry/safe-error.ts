/** An error as it may be logged. */
export interface SafeError {
  type: string;
  /** Only for errors that are known to reveal nothing about a person. */
  message?: string;
  code?: string;
  /** Where it was thrown: only the frames. */
  stack: string;
  cause?: SafeError;
}

/** Our own errors whose messages consist of constants and codes. */
const SPEAKING_ERRORS = new Set([
  "DatabaseError",
  "VoiceError",
  "ExtractionError",
  "StoreError",
  "LoadTimeoutError",
  "WriteTimeoutError",
  "LimitError",
  "NothingToResumeError",
  "EnvironmentError",
  "AbortError",
  "TimeoutError",
]);
const FRAME = /^ {4}at (?:.+ \((?:.+:\d+:\d+|index \d+|<anonymous>|native)\)|\S+:\d+:\d+)$/;
const CODE = /^[A-Za-z0-9_.-]{1,40}$/;
const MAX_CAUSES = 5;

/**
 * The part of an error that may be logged: its type, its code and where it was thrown. The messages of other people's
 * errors can quote what a person wrote (a parser its text, a database its row, a client its command) and are left out.
 */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, stack: "" };
  const { name, message, stack = "", cause } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: CODE.test(name) ? name : "Error",
    ...(SPEAKING_ERRORS.has(name) && { message }),
    ...(typeof code === "string" && CODE.test(code) && { code }),
    stack: framesOf(stack, message),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: safeError(cause, depth + 1) }),
  };
}

/** A message can contain lines that look like frames, so the message is removed first. */
function framesOf(stack: string, message: string): string {
  return stack
    .replace(message, "")
    .split("\n")
    .filter((line) => FRAME.test(line))
    .join("\n");
}
