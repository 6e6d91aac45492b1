import Link from "next/link";
import type { ReactNode } from "react";
import { useWarmSession } from "@/components/warm/use-warm";

/** Leads from something to the conversation that it came from, which is warm by the time somebody goes there. */
export function SessionLink({ sessionId, children }: { sessionId: string; children: ReactNode }) {
  const warm = useWarmSession();
  const ready = () => warm(sessionId);
  return (
    <Link
      href={`/clarify/${sessionId}`}
      prefetch={false}
      onPointerEnter={ready}
      onFocus={ready}
      onTouchStart={ready}
      className="underline decoration-edge underline-offset-4 hover:text-ink hover:decoration-ink"
    >
      {children}
    </Link>
  );
}
