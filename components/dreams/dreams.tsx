"use client";

import { useState } from "react";
import { PageColumn } from "@/components/navigation/page-column";
import { AfterHydration } from "@/components/ui/hydration";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { StatusSwitch } from "@/components/ui/status-switch";
import { useWords } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";
import { DreamList } from "./dream-list";
import { NewDream } from "./new-dream";
import { useDreamActions } from "./use-dream-actions";

const STATUSES = ["active", "achieved", "released"] as const;

/** The page of the person's dreams: active, achieved and released ones. */
export function Dreams({ initialStatus }: { initialStatus: Dream["status"] }) {
  const [status, setStatus] = useState(initialStatus);
  const actions = useDreamActions();
  const { dreams } = useWords();
  return (
    <PageColumn title={dreams.title} purpose={dreams.purpose}>
      <div className="mt-8 flex flex-col gap-5">
        <NewDream actions={actions} onKept={() => setStatus("active")} />
        <StatusSwitch
          label={dreams.which}
          options={STATUSES.map((each) => ({ status: each, label: dreams[each] }))}
          chosen={status}
          onChoose={setStatus}
        />
        <div>
          <AfterHydration fallback={<CardsSkeleton label={dreams.loading} />}>
            <DreamList key={status} status={status} actions={actions} />
          </AfterHydration>
        </div>
      </div>
    </PageColumn>
  );
}
