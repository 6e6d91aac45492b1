/** How long `ready()` waits for an answer, in milliseconds. */
export const READY_TIMEOUT_MS = 5_000;

/** Why a store cannot be used, in a sentence for the person who set it up. */
export class StoreNotReadyError extends Error {
  override name = "StoreNotReadyError";
}

const SENTENCES: Record<string, (host: string) => string> = {
  ECONNREFUSED: (host) => `Nothing listens at ${host}: is it running, and is the port right?`,
  ENOTFOUND: (host) => `DNS knows no ${host}: is the host name right?`,
  EAI_AGAIN: (host) => `DNS does not answer for ${host}: is there a network?`,
  ECONNRESET: (host) => `${host} hung up: does it expect TLS, or something else than this store?`,
  UND_ERR_SOCKET: (host) => `${host} hung up: is it what this store expects?`,
  HTTPParserError: (host) => `${host} does not speak HTTP: is the URL right?`,
  ERR_SSL_WRONG_VERSION_NUMBER: (host) => `${host} does not speak TLS: should the URL be one without?`,
};

/** @param error the error of connecting to `host`, which includes the port */
export function unreachable(host: string, error: unknown): StoreNotReadyError {
  const code = codeOf(error);
  const sentence = isTimeout(error, code)
    ? `${host} does not answer: is it reachable from here?`
    : (SENTENCES[code]?.(host) ?? `${host} cannot be reached (${code}).`);
  return new StoreNotReadyError(sentence);
}

function isTimeout(error: unknown, code: string): boolean {
  return (
    (error instanceof Error && error.name === "TimeoutError") ||
    code === "ETIMEDOUT" ||
    code === "UND_ERR_CONNECT_TIMEOUT"
  );
}

function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return error instanceof Error ? error.name : "unknown";
}
