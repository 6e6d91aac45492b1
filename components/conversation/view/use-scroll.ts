import type { RefObject } from "react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So near to the end, a reader wants to see what comes next. */
const NEAR_PX = 48;

/**
 * Keeps the newest in view while the reader is there, leaves the scroll alone when they have gone back, and keeps what
 * they read in its place when older entries appear above it.
 */
export function useFollowNewest(oldestKey: string | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const last = useRef({ top: 0, height: 0 });
  const shownOldest = useRef(oldestKey);
  const [away, setAway] = useState(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || shownOldest.current === oldestKey) return;
    const grownAbove = shownOldest.current !== undefined && !following.current;
    shownOldest.current = oldestKey;
    // Measured here only: to measure at every render would lay out the whole conversation for every word.
    if (grownAbove) element.scrollTop += element.scrollHeight - last.current.height;
  }, [oldestKey]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || content.current === null) return;
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight;
      last.current.height = element.scrollHeight;
    });
    observer.observe(content.current);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    const wentBack = element.scrollTop < last.current.top;
    last.current.top = element.scrollTop;
    if (distance <= NEAR_PX) following.current = !wentBack || distance < 2;
    else if (wentBack) following.current = false;
    setAway(!following.current && distance > NEAR_PX);
  }, []);

  const jumpToNewest = useCallback(() => {
    following.current = true;
    setAway(false);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, []);

  /** Brings an entry into the middle of what is visible, and leaves the newest for it. */
  const jumpToEntry = useCallback((key: string) => {
    following.current = false;
    // In the next frame, when the entry has its place and the composer has taken the focus that it takes when a page opens.
    requestAnimationFrame(() => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`);
      if (!element) return;
      element.tabIndex = -1;
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "center" });
      element.animate({ backgroundColor: ["var(--color-water-wash)", "transparent"] }, { duration: 2_500 });
    });
  }, []);

  return { scroller, content, onScroll, away, jumpToNewest, jumpToEntry };
}

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
