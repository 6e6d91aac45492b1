import Link from "next/link";
import type { ReactNode } from "react";
import { useWarmSession } from "@/components/warm/use-warm";
import { onIntent } from "@/server/context/react";

/** A link to the conversation in which something was created. Pointing at it warms the conversation. */
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
