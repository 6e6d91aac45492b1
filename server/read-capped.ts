/** The body is larger than allowed. Reading stopped at the limit. */
export class BodyTooLargeError extends Error {
  override name = "BodyTooLargeError";
}

/**
 * A request's body as text, read up to `limitBytes`, whatever its headers say.
 * @throws {BodyTooLargeError} when it is longer.
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
