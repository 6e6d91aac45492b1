import { useLiveConversation } from "@/components/conversation/entries/use-conversation";
import { Inspector } from "@/components/inspector/inspector";
import { InspectorSkeleton } from "@/components/inspector/inspector-skeleton";
import { LastReply } from "@/components/inspector/last-reply";
import { useRemovedIds } from "@/components/lists/removals";
import { LoadFailure } from "@/components/trpc/load-failure";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useSpeech } from "@/components/words/words";
import { contextStaleTime, mayWarm } from "@/server/context/react";
import { Arrivals } from "./arrivals";
import { EarlierSummary } from "./earlier-summary";
import { FoundItems } from "./found-items";
import { itemLabel } from "./item-labels";
import { useSectionLooks } from "./section-looks";
import { SteeredItem } from "./steered-item";

/** What Clarify knows when it answers in this conversation. Renders in the browser only. */
export default function ContextInspector({ sessionId }: { sessionId: string }) {
  const utils = trpc.useUtils();
  const showError = useErrorToast();
  const context = trpc.clarifyContext.get.useQuery(
    { sessionId },
    { staleTime: contextStaleTime, refetchOnWindowFocus: mayWarm },
  );
  const invalidate = trpc.clarifyContext.invalidate.useMutation({
    onSuccess: () => utils.clarifyContext.get.invalidate(),
    onError: showError,
  });
  const { lastContext } = useLiveConversation(sessionId);
  const looks = useSectionLooks();
  const speech = useSpeech();
  const removed = useRemovedIds();

  if (context.data === undefined) {
    if (context.isPending) return <InspectorSkeleton />;
    return <LoadFailure query={context} className="px-5 py-5 text-sm" />;
  }

  const sections = context.data.sections.map((section) => ({
    ...section,
    items: section.items
      .filter(({ id }) => !removed.has(id))
      .map((item) => ({ ...item, label: itemLabel(section.name, item, speech) })),
  }));
  const facts = sections
    .filter(({ name }) => name !== "user")
    .map(({ name, source, items }) => ({ name, missing: source === "missing", items }));
  return (
    <Inspector
      context={{ ...context.data, sections }}
      looks={looks}
      readAt={context.dataUpdatedAt}
      busy={invalidate.isPending || context.isFetching}
      onRefresh={() => invalidate.mutate({})}
      itemAround={(section, item, shown) => (
        <SteeredItem section={section} item={item}>
          {shown}
        </SteeredItem>
      )}
    >
      <Arrivals sections={facts} readAt={context.dataUpdatedAt} />
      <LastReply context={lastContext} />
      <FoundItems sessionId={sessionId} />
      <EarlierSummary sessionId={sessionId} />
    </Inspector>
  );
}
