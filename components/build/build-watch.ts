import { otherBuildIn } from "./page-build";

export type BuildWatch = ReturnType<typeof createBuildWatch>;

/** Whether the server has another build by now than the one that this page was loaded from. */
export function createBuildWatch() {
  let newer: string | null = null;
  const listeners = new Set<() => void>();

  return {
    /** The other build that the server has answered from; null while it has not. */
    newer: () => newer,

    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** Takes note of where an answer came from, and passes it on. */
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
