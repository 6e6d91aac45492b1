import { useKnownSession } from "@/components/conversation/state/use-known-session";
import { AfterHydration } from "@/components/ui/hydration";
import { useMediaQuery } from "@/components/ui/use-media-query";
import { useWords } from "@/components/words/words";
import type { InspectorProps } from "./inspector";
import { Inspector } from "./inspector";
import { InspectorSkeleton } from "./inspector-skeleton";

/** The inspector beside the conversation, where the page is wide enough. */
export function InspectorColumn({ sessionId, looks }: InspectorProps) {
  const { conversation } = useWords();
  if (useKnownSession(sessionId) === "missing") return null;
  return (
    <aside
      aria-labelledby="inspector-title"
      className="hidden w-[21rem] shrink-0 flex-col border-line border-s bg-paper xl:flex"
    >
      <h2 id="inspector-title" className="flex h-14 shrink-0 items-center border-line border-b px-5 text-lg">
        {conversation.mirrorKnows}
      </h2>
      {/* What is inside is in English only. */}
      <div lang="en" dir="ltr" className="flex min-h-0 flex-1 flex-col">
        <AfterHydration fallback={<InspectorSkeleton />}>
          <WhereWide sessionId={sessionId} looks={looks} />
        </AfterHydration>
      </div>
    </aside>
  );
}

/** Where the column is hidden, the inspector lives in a sheet; there must not be two. */
function WhereWide(props: InspectorProps) {
  return useMediaQuery("(min-width: 80rem)") ? <Inspector {...props} /> : null;
}
