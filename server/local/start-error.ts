/** The app cannot start. The message tells the person what to do about it. */
export class StartError extends Error {
  override name = "StartError";
}
