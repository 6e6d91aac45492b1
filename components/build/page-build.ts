import { BUILD_HEADER } from "@/server/build-header";

const RELOADED_FOR = "clarify:reloaded-for";
/** How long the server may take to name its build, in milliseconds. */
const ASK_TIMEOUT_MS = 5_000;

/** The build that this page was loaded from; null if the server names none. */
export function ownBuild(): string | null {
  return document.documentElement.dataset.build ?? null;
}

/** The build of an answer if it differs from the page's own; otherwise null. */
export function otherBuildIn(answer: Pick<Response, "headers">): string | null {
  const build = answer.headers.get(BUILD_HEADER);
  return build === null || ownBuild() === null || build === ownBuild() ? null : build;
}

/** Asks the server for its build. Resolves with null if it is the page's own or unknown. */
async function askForOtherBuild(): Promise<string | null> {
  try {
    return otherBuildIn(await fetch("/api/health", { cache: "no-store", signal: AbortSignal.timeout(ASK_TIMEOUT_MS) }));
  } catch {
    return null;
  }
}

/**
 * Reloads the page for a build of the server, once for each build, so that servers with several builds never reload a
 * page endlessly. Returns whether it does.
 */
export function reloadFor(build: string): boolean {
  try {
    const before = window.sessionStorage.getItem(RELOADED_FOR)?.split(" ") ?? [];
    if (before.includes(build)) return false;
    window.sessionStorage.setItem(RELOADED_FOR, [...before, build].join(" "));
  } catch {
    // Without storage, reloading once could not be ensured.
    return false;
  }
  window.location.reload();
  return true;
}

/**
 * Called when a part of this page could not be loaded. If the server has another build, that is the reason, and the
 * page is reloaded unless text in its fields would be lost. Resolves with the outcome.
 */
export async function recoverFromOldBuild(): Promise<"reloading" | "outdated" | "current"> {
  const build = await askForOtherBuild();
  if (build === null) return "current";
  return !holdsWords() && reloadFor(build) ? "reloading" : "outdated";
}

/** Whether a field holds text that is stored nowhere else. Drafts of conversations are stored while they are typed. */
export function holdsWords(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "input:not([type=hidden]), textarea",
  );
  return [...fields].some((field) => field.value.trim() !== "" && !("kept" in field.dataset));
}
