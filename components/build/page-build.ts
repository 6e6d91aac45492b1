import { BUILD_HEADER } from "@/server/build-header";

const RELOADED_FOR = "clarify:reloaded-for";
/** How long the server may take to say which build it is. */
const ASK_TIMEOUT_MS = 5_000;

/** The build that this page was loaded from; null where the server names none. */
export function ownBuild(): string | null {
  return document.documentElement.dataset.build ?? null;
}

/** The build that an answer came from, where that is another than the page's own; null otherwise. */
export function otherBuildIn(answer: Pick<Response, "headers">): string | null {
  const build = answer.headers.get(BUILD_HEADER);
  return build === null || ownBuild() === null || build === ownBuild() ? null : build;
}

/** Asks the server for its build. Resolves with null where it is the page's own, or cannot be asked. */
async function askForOtherBuild(): Promise<string | null> {
  try {
    return otherBuildIn(await fetch("/api/health", { cache: "no-store", signal: AbortSignal.timeout(ASK_TIMEOUT_MS) }));
  } catch {
    return null;
  }
}

/**
 * Loads the page anew for a build of the server: once for each, so that servers of several builds never send a page round in
 * circles. Returns whether it does.
 */
export function reloadFor(build: string): boolean {
  try {
    const before = window.sessionStorage.getItem(RELOADED_FOR)?.split(" ") ?? [];
    if (before.includes(build)) return false;
    window.sessionStorage.setItem(RELOADED_FOR, [...before, build].join(" "));
  } catch {
    // What cannot be remembered would not be done only once.
    return false;
  }
  window.location.reload();
  return true;
}

/**
 * Something of this page could not be loaded. Where the server has another build by now, that is why: the page is loaded
 * anew, unless words in its fields would be lost. Resolves with what has become of it.
 */
export async function recoverFromOldBuild(): Promise<"reloading" | "outdated" | "current"> {
  const build = await askForOtherBuild();
  if (build === null) return "current";
  return !holdsWords() && reloadFor(build) ? "reloading" : "outdated";
}

/** Whether words stand in a field that nobody else keeps. What is written in a conversation is kept as it is typed. */
export function holdsWords(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "input:not([type=hidden]), textarea",
  );
  return [...fields].some((field) => field.value.trim() !== "" && !("kept" in field.dataset));
}
