import type { RefCallback } from "react";
import { useCallback, useState } from "react";

interface Size {
  width: number;
  height: number;
}

/** The size of what the ref is given to, in pixels, as it changes; null until it is known. */
export function useSize(): [ref: RefCallback<Element>, size: Size | null] {
  const [size, setSize] = useState<Size | null>(null);
  const ref = useCallback((element: Element | null) => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
