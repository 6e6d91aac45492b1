import type { ReactNode, RefObject } from "react";
import { startTransition, useLayoutEffect, useRef, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { useHydrated } from "@/components/ui/hydration";
import { ON_SERVER } from "@/components/ui/on-server";

/** Where somebody is in the server's HTML. */
export interface Reader {
  /** How far it is scrolled from its end, in pixels. */
  fromEnd: number;
  /** What has the focus: an entry by its key, or the list. */
  focused: { entry: string } | "list" | null;
}

interface ServerHtmlFirstProps {
  /** Whether there is something to render in its place. */
  ready: boolean;
  /** Whether that must be rendered at once, and not bit by bit. */
  urgent: boolean;
  /** @param left where the reader was in the server's HTML when it was replaced; read it in a layout effect */
  children: (left: Readonly<RefObject<Reader>>) => ReactNode;
}

const FRAME = "print-flow relative flex min-h-0 flex-1 flex-col";
const AS_IT_IS = { __html: "" };
const AT_END: Reader = { fromEnd: 0, focused: null };

/**
 * What the server has rendered stays on the page until the page is hydrated and the children are `ready`; then they replace it. They
 * are never hydrated, so hydration is as quick as without them, and they may depend on the clock and the time zone.
 */
export function ServerHtmlFirst({ ready, urgent, children }: ServerHtmlFirstProps) {
  const hydrated = useHydrated();
  const reader = useRef(AT_END);
  const [kept, setKept] = useState(!hydrated);

  useLayoutEffect(() => {
    if (!hydrated || !ready) return;
    if (urgent) setKept(false);
    else startTransition(() => setKept(false));
  }, [hydrated, ready, urgent]);

  if (kept && !ON_SERVER) return <ServerHtml reader={reader} />;
  return (
    // What cannot be pressed yet is not shown, and keeps its room.
    <div className={classNames(FRAME, ON_SERVER && "[&_button]:invisible")}>{children(reader)}</div>
  );
}

function ServerHtml({ reader }: { reader: RefObject<Reader> }) {
  const frame = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = frame.current;
    return () => {
      reader.current = readerOf(element);
    };
  }, [reader]);

  return (
    <div
      ref={frame}
      className={FRAME}
      // Hydration leaves the content of such an element alone, whatever it is.
      // biome-ignore lint/security/noDangerouslySetInnerHtml: it is empty
      dangerouslySetInnerHTML={AS_IT_IS}
      suppressHydrationWarning
    />
  );
}

function readerOf(frame: HTMLElement | null): Reader {
  const scroller = frame?.firstElementChild;
  const active = document.activeElement;
  if (!scroller || active === null) return AT_END;
  const entry = active.closest<HTMLElement>("[data-entry]")?.dataset.entry;
  const focused = !scroller.contains(active) ? null : entry === undefined ? "list" : { entry };
  // The scroller is reversed, so its position is 0 at the end and negative before it.
  return { fromEnd: -scroller.scrollTop, focused };
}
