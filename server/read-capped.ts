/** The body is larger than allowed. Reading stopped at the limit. */
export class BodyTooLargeError extends Error {
  override name = "BodyTooLargeError";
}

/** The body is not UTF-8. */
export class NotUtf8Error extends Error {
  override name = "NotUtf8Error";
}

/**
 * A request's body as text, read up to `limitBytes`, whatever its headers say.
 * @throws {BodyTooLargeError} when it is longer; {@link NotUtf8Error} when it is not text.
 */
export async function readCapped(request: Request, limitBytes: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw new BodyTooLargeError();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new NotUtf8Error();
    }
  };
  let text = "";
  let bytes = 0;
  // Throwing out of the loop cancels the stream.
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) throw new BodyTooLargeError();
    text += decode(chunk);
  }
  return text + decode();
}
