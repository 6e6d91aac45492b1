"use client";

import { onIntent } from "clarify-context/react";
import Link from "next/link";
import { useWarmContext } from "./provider";

/** Whoever points at a project, reaches it with the keyboard or touches it is about to open it. */
export function ProjectLink({ id, boatName }: { id: string; boatName: string }) {
  const warm = useWarmContext();
  return (
    <Link href={`/projects/${id}`} prefetch={false} {...onIntent(() => warm({ projectId: id }))}>
      {boatName}
    </Link>
  );
}
