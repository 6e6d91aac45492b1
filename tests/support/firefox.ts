import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

const NAMES = ["firefox", "firefox-esr"];

/** The system's Firefox, or the one at `FIREFOX_PATH`; null if there is none. */
export async function findFirefox(): Promise<string | null> {
  const { FIREFOX_PATH, PATH = "" } = process.env;
  const folders = PATH.split(delimiter);
  const candidates = FIREFOX_PATH
    ? [FIREFOX_PATH]
    : folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return null;
}
