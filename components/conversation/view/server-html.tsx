import type { ReactNode } from "react";
import { startTransition, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useHydrated } from "@/components/ui/hydration";
import { ON_SERVER } from "@/components/ui/on-server";

interface ServerHtmlFirstProps {
  /** Whether the children can be rendered as the server has rendered them. */
  ready: boolean;
  /** Whether they must be rendered at once, and not bit by bit. */
  urgent: boolean;
  /** @param fromEnd how far from the end the server's HTML is scrolled, in pixels */
  children: (fromEnd: Readonly<{ current: number }>) => ReactNode;
}

const FRAME = "print-flow relative flex min-h-0 flex-1 flex-col";
const AS_IT_IS = { __html: "" };

/**
 * What the server has rendered stays on the page until the page is hydrated and the children are `ready`; then they replace it. They
 * are never hydrated, so hydration is as quick as without them, and they may depend on the clock and the time zone.
 */
export function ServerHtmlFirst({ ready, urgent, children }: ServerHtmlFirstProps) {
  const hydrated = useHydrated();
  const frame = useRef<HTMLDivElement>(null);
  const fromEnd = useRef(0);
  const [kept, setKept] = useState(!hydrated);

  useEffect(() => {
    const scroller = frame.current?.firstElementChild;
    if (!kept || !scroller) return;
    // The scroller is reversed, so its position is 0 at the end and negative before it.
    const note = () => {
      fromEnd.current = -scroller.scrollTop;
    };
    note();
    scroller.addEventListener("scroll", note);
    return () => scroller.removeEventListener("scroll", note);
  }, [kept]);

  useLayoutEffect(() => {
    if (!hydrated) return;
    if (urgent) setKept(false);
    else if (ready) startTransition(() => setKept(false));
  }, [hydrated, ready, urgent]);

  if (kept && !ON_SERVER) {
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
      {children(fromEnd)}
    </div>
  );
}
