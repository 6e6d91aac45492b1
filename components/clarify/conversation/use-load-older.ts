import type { RefObject } from "react";
import { useEffect, useRef } from "react";

/** Calls `load` when the returned element comes near the top of what is visible in the scroller. */
export function useLoadOlder(scroller: RefObject<HTMLElement | null>, load: (() => void) | null) {
  const sentinel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (sentinel.current === null || load === null) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), {
      root: scroller.current,
      rootMargin: "300px 0px 0px 0px",
    });
    observer.observe(sentinel.current);
    return () => observer.disconnect();
  }, [scroller, load]);

  return sentinel;
}
