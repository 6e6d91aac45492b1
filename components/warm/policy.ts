/**
 * How long a warmed context is trusted: the shortest-lived section keeps for two minutes, and in the last fifth of
 * that it is renewed anyway.
 */
export const WARM_FOR_MS = 90_000;

interface Surroundings {
  hidden: boolean;
  saveData: boolean;
}

/** Warming ahead costs data that may turn out unneeded: never behind the person's back or on their allowance. */
export function mayWarm({ hidden, saveData }: Surroundings): boolean {
  return !hidden && !saveData;
}

export function currentSurroundings(): Surroundings {
  return { hidden: document.hidden, saveData: wantsLessData(navigator) };
}

function wantsLessData(navigator: Navigator & { connection?: unknown }): boolean {
  const { connection } = navigator;
  return (
    typeof connection === "object" && connection !== null && "saveData" in connection && connection.saveData === true
  );
}
