import type { ReactNode } from "react";
import { MirrorMark } from "@/components/ui/mirror-mark";

/** A page before the app: what it is, what for, and one narrow column. */
export function EntrancePage({ title, purpose, children }: { title: string; purpose: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-6 py-12">
      <MirrorMark className="mb-6 size-12 text-water" />
      <h1 className="text-3xl leading-tight">{title}</h1>
      <p className="mt-2 mb-8 font-serif text-ink-soft text-lg leading-8">{purpose}</p>
      {children}
    </main>
  );
}
