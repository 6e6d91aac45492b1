import { otherBuildIn } from "./page-build";

export type BuildWatch = ReturnType<typeof createBuildWatch>;

/** Tracks whether the server now answers from another build than the page's. */
export function createBuildWatch() {
  let newer: string | null = null;
  const listeners = new Set<() => void>();

  return {
    /** The other build from which the server has answered; null if there was none. */
    newer: () => newer,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** Records the build of an answer, and returns the answer. */
    watch(answer: Response): Response {
      const build = otherBuildIn(answer);
      if (build !== null && build !== newer) {
        newer = build;
        for (const listener of listeners) listener();
      }
      return answer;
    },
  };
}
