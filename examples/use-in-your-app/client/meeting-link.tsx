"use client";

import Link from "next/link";
import { useWarmContext } from "./use-warm-context";

/** Whoever points at a meeting, or reaches it with the keyboard, is about to open it. */
export function MeetingLink({ id, topic }: { id: string; topic: string }) {
  const warm = useWarmContext();
  return (
    <Link
      href={`/meetings/${id}`}
      onPointerEnter={() => warm({ meetingId: id })}
      onFocus={() => warm({ meetingId: id })}
    >
      {topic}
    </Link>
  );
}
