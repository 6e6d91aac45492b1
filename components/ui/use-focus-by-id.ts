import { useEffect, useMemo } from "react";

/**
 * Moves the focus to an item of a list by its id, at once or when the item is rendered. The first is the item in the hash of the
 * page's URL, which links to single items have.
 */
export function useFocusById<Element extends HTMLElement>() {
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
    };
  }, []);

  useEffect(() => {
    const named = window.location.hash.slice(1);
    if (named !== "") focus.on(named);
  }, [focus]);
  return focus;
}
