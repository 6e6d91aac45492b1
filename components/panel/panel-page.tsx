"use client";

import Link from "next/link";
import { useState } from "react";
import { CONTROL } from "@/components/ui/form-field";
import { MirrorMark } from "@/components/ui/mirror-mark";
import type { ProcedureDescription } from "@/server/trpc/describe-procedures";
import { Procedure } from "./procedure";

interface PanelPageProps {
  procedures: readonly ProcedureDescription[];
  /** The person that the calls act as. */
  email: string;
  /** The path of the procedure that is open at first. */
  open: string | null;
}

/** Every procedure of the app, to be found by name or description and called by hand. */
export function PanelPage({ procedures, email, open }: PanelPageProps) {
  const [search, setSearch] = useState(open ?? "");
  const wanted = search.trim().toLowerCase();
  const found = procedures.filter(({ path, description }) => `${path} ${description}`.toLowerCase().includes(wanted));

  return (
    <main
      lang="en"
      dir="ltr"
      className="mx-auto flex min-h-dvh w-full max-w-3xl flex-col gap-4 px-4 pb-16 [overflow-wrap:anywhere] sm:px-6"
    >
      <header className="pt-5">
        <div className="flex items-center gap-2.5">
          <Link href="/clarify" aria-label="Clarify" className="rounded">
            <MirrorMark className="size-7 text-water" />
          </Link>
          <h1 className="text-2xl">Procedures</h1>
        </div>
        <p className="mt-2 text-ink-soft text-sm leading-6">
          Every call acts as <span className="text-ink">{email}</span>, on your own data.
        </p>
      </header>
      <label className="block font-medium text-sm">
        Find a procedure
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className={`${CONTROL} mt-1.5`}
        />
      </label>
      <p role="status" className="text-ink-soft text-sm">
        {found.length} of {procedures.length}
      </p>
      <ul className="flex flex-col gap-2">
        {found.map((procedure) => (
          <li key={procedure.path}>
            <Procedure procedure={procedure} open={procedure.path === open} />
          </li>
        ))}
      </ul>
    </main>
  );
}
