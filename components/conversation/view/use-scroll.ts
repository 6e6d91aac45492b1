import type { RefObject } from "react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Reader } from "./server-html";

/** Within this distance of the end, in pixels, the scroller follows new entries. */
const NEAR_PX = 48;

/**
 * Keeps the newest entry in view while the reader is at the end, and leaves the position alone otherwise. When older
 * entries appear above, the visible ones stay in place.
 * @param left where the reader is at first
 */
export function useFollowNewest(oldestKey: string | undefined, left: Readonly<RefObject<Reader>>) {
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
    // Measured only here, because measuring at every render would lay out the whole conversation for every word.
    if (grownAbove) element.scrollTop += element.scrollHeight - last.current.height;
  }, [oldestKey]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const { fromEnd, focused } = left.current;
    following.current = fromEnd <= NEAR_PX;
    element.scrollTop = element.scrollHeight - element.clientHeight - fromEnd;
    if (focused === "list") element.focus({ preventScroll: true });
    else if (focused !== null) entryIn(element, focused.entry)?.focus({ preventScroll: true });
  }, [left]);

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

  /** Scrolls an entry to the middle, and stops following the newest. */
  const jumpToEntry = useCallback((key: string) => {
    following.current = false;
    // In the next frame, when the entry has its position and the composer has taken the focus that it takes when a page
    // opens.
    requestAnimationFrame(() => {
      const element = scroller.current && entryIn(scroller.current, key);
      if (!element) return;
      element.tabIndex = -1;
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "center" });
      element.animate({ backgroundColor: ["var(--color-water-wash)", "transparent"] }, { duration: 2_500 });
    });
  }, []);

  return { scroller, content, onScroll, away, jumpToNewest, jumpToEntry };
}

function entryIn(scroller: HTMLElement, key: string): HTMLElement | null {
  return scroller.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`);
}

/** Calls `load` when the returned element comes near the top of the visible part of the scroller. */
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
