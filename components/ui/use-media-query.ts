import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query matches; false on the server. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** From this width on the conversations have a column of their own beside the page. */
export const WIDE = "(min-width: 64rem)";
/** From this width on the inspector has one as well. */
export const VERY_WIDE = "(min-width: 80rem)";

/** Whether the conversations have a column of their own beside the page. */
export function useWide(): boolean {
  return useMediaQuery(WIDE);
}
