import type { ReactNode } from "react";
import { useLayoutEffect, useRef, useState } from "react";
import { useHydrated } from "@/components/ui/hydration";
import { ON_SERVER } from "@/components/ui/on-server";

interface ServerHtmlFirstProps {
  /** Whether the children can be rendered as the server has rendered them. */
  ready: boolean;
  /** @param fromEnd how far from the end the server's HTML was scrolled, in pixels */
  children: (fromEnd: number) => ReactNode;
}

const FRAME = "print-flow relative flex min-h-0 flex-1 flex-col";
const AS_IT_IS = { __html: "" };

/**
 * What the server has rendered stays on the page until the page is hydrated and the children are `ready`; then they replace it. They
 * are never hydrated, so hydration is as quick as without them, and they may depend on the clock and the time zone.
 */
export function ServerHtmlFirst({ ready, children }: ServerHtmlFirstProps) {
  const hydrated = useHydrated();
  const frame = useRef<HTMLDivElement>(null);
  const [fromEnd, setFromEnd] = useState(hydrated ? 0 : null);

  useLayoutEffect(() => {
    if (hydrated && ready) setFromEnd((known) => known ?? scrolledBack(frame.current));
  }, [hydrated, ready]);

  if (fromEnd === null && !ON_SERVER) {
    return (
      <div
        key="server"
        ref={frame}
        className={FRAME}
        // Hydration leaves the content of such an element alone, whatever it is.
        // biome-ignore lint/security/noDangerouslySetInnerHtml: it is empty
        dangerouslySetInnerHTML={AS_IT_IS}
        suppressHydrationWarning
      />
    );
  }
  return (
    <div key="own" className={FRAME}>
      {children(fromEnd ?? 0)}
    </div>
  );
}

/** The scroller is reversed, so its position is 0 at the end and negative before it. */
function scrolledBack(frame: HTMLElement | null): number {
  return -(frame?.firstElementChild?.scrollTop ?? 0);
}
