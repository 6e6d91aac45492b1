import type { ReactNode } from "react";
import { MirrorMark } from "./mirror-mark";

/** A page, or the middle of one, with a single message and a link. */
export function NoticePage({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex h-full min-h-80 flex-1 flex-col items-center justify-center px-6 py-16 text-center">
      <MirrorMark className="mb-6 size-12 text-water" />
      <h1 className="text-2xl">{title}</h1>
      <div className="mt-3 max-w-md text-pretty text-ink-soft leading-7">{children}</div>
      {actions !== undefined && <div className="mt-8 flex flex-wrap justify-center gap-3">{actions}</div>}
    </div>
  );
}
