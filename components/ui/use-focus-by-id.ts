import { useEffect, useMemo } from "react";

/** The pages of a list that are not loaded yet. */
interface LaterPages {
  hasNextPage: boolean;
  isFetching: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/**
 * Moves the focus to an item of a list by its id, at once or when the item is rendered. The first is the item in the hash of the
 * page's URL, which links to single items have: pages are loaded until it is there.
 */
export function useFocusById<Element extends HTMLElement>(later: LaterPages) {
  const focus = useMemo(() => {
    const elements = new Map<string, Element>();
    let awaited: string | null = null;
    return {
      /** The ref of an item. */
      holding: (id: string) => (element: Element | null) => {
        if (element === null) {
          elements.delete(id);
          return;
        }
        elements.set(id, element);
        if (awaited !== id) return;
        awaited = null;
        element.focus();
      },

      on(id: string): void {
        const element = elements.get(id);
        awaited = element === undefined ? id : null;
        element?.focus();
      },

      awaits: (id: string): boolean => awaited === id,
    };
  }, []);

  useEffect(() => {
    const named = namedItem();
    if (named !== "") focus.on(named);
  }, [focus]);

  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = later;
  useEffect(() => {
    const named = namedItem();
    if (named === "" || !focus.awaits(named)) return;
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [focus, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  return focus;
}

function namedItem(): string {
  return window.location.hash.slice(1);
}
