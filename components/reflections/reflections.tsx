"use client";

import { LookBack } from "@/components/look-back/look-back";
import { PageColumn } from "@/components/navigation/page-column";
import { trpc } from "@/components/trpc/trpc";
import { AfterHydration } from "@/components/ui/hydration";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useWords } from "@/components/words/words";
import { NewReflection } from "./new-reflection";
import { DREAMS_TO_CHOOSE_FROM } from "./reflection-draft";
import { ReflectionList } from "./reflection-list";
import { useReflectionActions } from "./use-reflection-actions";

/** The page of the person's reflections. */
export function Reflections({ aboutDream }: { aboutDream: string | null }) {
  const { reflections } = useWords();
  return (
    <PageColumn title={reflections.title} purpose={reflections.purpose}>
      <AfterHydration
        fallback={
          <div className="mt-8">
            <CardsSkeleton label={reflections.loading} />
          </div>
        }
      >
        <Journal aboutDream={aboutDream} />
      </AfterHydration>
    </PageColumn>
  );
}

function Journal({ aboutDream }: { aboutDream: string | null }) {
  const actions = useReflectionActions();
  const dreams = trpc.dreams.list.useQuery(DREAMS_TO_CHOOSE_FROM);
  const known = dreams.data?.items ?? [];
  return (
    <div className="mt-8 flex flex-col gap-8">
      <NewReflection actions={actions} dreams={known} aboutDream={aboutDream} />
      <LookBack />
      <ReflectionList actions={actions} dreams={known} />
    </div>
  );
}
