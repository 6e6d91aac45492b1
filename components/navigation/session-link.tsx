import Link from "next/link";
import type { ReactNode } from "react";
import { useWarmSession } from "@/components/warm/use-warm";
import { onIntent } from "@/server/context/react";

/** Leads from something to the conversation that it came from, which is warm by the time somebody goes there. */
export function SessionLink({ sessionId, children }: { sessionId: string; children: ReactNode }) {
  const warm = useWarmSession();
  return (
    <Link
      href={`/clarify/${sessionId}`}
      prefetch={false}
      {...onIntent(() => warm(sessionId))}
      className="underline decoration-edge underline-offset-4 hover:text-ink hover:decoration-ink"
    >
      {children}
    </Link>
  );
}
