"use client";

import { onIntent } from "clarify-context/react";
import Link from "next/link";
import { useWarmContext } from "./provider";

/** Pointing at the link, reaching it with the keyboard and touching it warm the project's context. */
export function ProjectLink({ id, boatName }: { id: string; boatName: string }) {
  const warm = useWarmContext();
  return (
    <Link href={`/projects/${id}`} prefetch={false} {...onIntent(() => warm({ projectId: id }))}>
      {boatName}
    </Link>
  );
}
