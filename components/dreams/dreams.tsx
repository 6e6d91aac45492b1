"use client";

import { useState } from "react";
import { PageColumn } from "@/components/navigation/page-column";
import { AfterHydration } from "@/components/ui/hydration";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { StatusSwitch } from "@/components/ui/status-switch";
import type { Dream } from "@/server/dreams/dream";
import { DreamList } from "./dream-list";
import { NewDream } from "./new-dream";
import { useDreamActions } from "./use-dream-actions";

const TABS: readonly { status: Dream["status"]; label: string }[] = [
  { status: "active", label: "Active" },
  { status: "achieved", label: "Achieved" },
  { status: "released", label: "Released" },
];

/** What the person wants, has achieved, and has let go of. */
export function Dreams({ initialStatus }: { initialStatus: Dream["status"] }) {
  const [status, setStatus] = useState(initialStatus);
  const actions = useDreamActions();
  return (
    <PageColumn
      title="Dreams"
      purpose="What you want, in your own words. The mirror keeps the active ones in mind when you talk."
    >
      <div className="mt-8 flex flex-col gap-5">
        <NewDream actions={actions} onKept={() => setStatus("active")} />
        <StatusSwitch label="Which dreams" options={TABS} chosen={status} onChoose={setStatus} />
        <div>
          <AfterHydration fallback={<CardsSkeleton label="Loading your dreams…" />}>
            <DreamList key={status} status={status} actions={actions} />
          </AfterHydration>
        </div>
      </div>
    </PageColumn>
  );
}
