import Link from "next/link";
import type { ReactNode } from "react";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { MainNav } from "./main-nav";

interface PageColumnProps {
  title: string;
  /** The purpose of the page, in a sentence. */
  purpose: string;
  children: ReactNode;
}

/** A page beside the conversations: its title, its purpose, and one column of content. */
export function PageColumn({ title, purpose, children }: PageColumnProps) {
  return (
    <div className="print-flow min-w-0 flex-1 overflow-y-auto">
      <div className="lg:hidden print:hidden">
        <Link
          href="/clarify"
          prefetch={false}
          className="flex h-14 items-center gap-2.5 px-5 font-serif text-lg tracking-tight"
        >
          <MirrorMark className="size-6 text-water" />
          Clarify
        </Link>
        <MainNav />
      </div>
      <div className="mx-auto flex w-full max-w-2xl flex-col px-5 pt-8 pb-24 sm:px-8 lg:pt-14">
        <h1 className="text-3xl tracking-tight">{title}</h1>
        <p className="mt-2 max-w-prose text-pretty font-serif text-ink-soft text-lg leading-8">{purpose}</p>
        {children}
      </div>
    </div>
  );
}
