/** The body is larger than it may be; reading stopped there. */
export class BodyTooLargeError extends Error {
  override name = "BodyTooLargeError";
}

/**
 * A request's body as text, read no further than `limitBytes`, whatever its headers promise.
 * @throws {BodyTooLargeError} as soon as it is longer.
 */
export async function readCapped(request: Request, limitBytes: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw new BodyTooLargeError();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Throwing out of the loop cancels the stream.
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) throw new BodyTooLargeError();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
