import { useKnownSession } from "@/components/conversation/state/use-known-session";
import { InspectorSkeleton } from "@/components/inspector/inspector-skeleton";
import { AfterHydration } from "@/components/ui/hydration";
import { useMediaQuery, VERY_WIDE } from "@/components/ui/use-media-query";
import { useWords } from "@/components/words/words";
import { ContextInspector } from "./deferred-inspector";

/** The inspector beside the conversation, where the page is wide enough. */
export function InspectorColumn({ sessionId }: { sessionId: string }) {
  const { conversation } = useWords();
  if (useKnownSession(sessionId) === "missing") return null;
  return (
    <aside
      aria-labelledby="inspector-title"
      className="hidden w-[21rem] shrink-0 flex-col border-line border-s bg-paper xl:flex print:hidden"
    >
      <h2 id="inspector-title" className="flex h-14 shrink-0 items-center border-line border-b px-5 text-lg">
        {conversation.mirrorKnows}
      </h2>
      <AfterHydration fallback={<InspectorSkeleton />}>
        <OnWidePages sessionId={sessionId} />
      </AfterHydration>
    </aside>
  );
}

/** A narrow page shows the inspector in a sheet. The page must not hold two of them, not even a hidden one. */
function OnWidePages({ sessionId }: { sessionId: string }) {
  return useMediaQuery(VERY_WIDE) ? <ContextInspector sessionId={sessionId} /> : null;
}
