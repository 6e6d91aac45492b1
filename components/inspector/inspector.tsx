"use client";

import { useLiveConversation } from "@/components/conversation/entries/use-conversation";
import { LoadFailure } from "@/components/trpc/load-failure";
import { trpc } from "@/components/trpc/trpc";
import type { SectionName } from "@/server/clarify/sections";
import { contextStaleTime, mayWarm } from "@/server/context/react";
import { InspectorActions } from "./inspector-actions";
import { InspectorSection } from "./inspector-section";
import { InspectorSkeleton } from "./inspector-skeleton";
import { LastReply } from "./last-reply";
import type { SectionLooks } from "./section-looks";
import { TokenBar } from "./token-bar";

export interface InspectorProps {
  sessionId: string;
  looks: SectionLooks<SectionName>;
}

/** What the mirror knows when it answers in this conversation. Renders in the browser only. */
export function Inspector({ sessionId, looks }: InspectorProps) {
  const context = trpc.clarifyContext.get.useQuery(
    { sessionId },
    { staleTime: contextStaleTime, refetchOnWindowFocus: mayWarm },
  );
  const { lastContext } = useLiveConversation(sessionId);

  if (context.data === undefined) {
    if (context.isPending) return <InspectorSkeleton />;
    return <LoadFailure query={context} className="px-5 py-5 text-sm" />;
  }

  const { sections, tokens, budget, buildMs, text } = context.data;
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="inspector" data-build-ms={buildMs}>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-5 pt-4 pb-4">
        <TokenBar sections={sections} looks={looks} tokens={tokens} budget={budget} />
        <LastReply context={lastContext} />
        <ul className="mt-4 flex flex-col divide-y divide-line border-line border-y">
          {sections.map((section) => (
            <li key={section.name}>
              <InspectorSection section={section} look={looks[section.name]} readAt={context.dataUpdatedAt} />
            </li>
          ))}
        </ul>
      </div>
      <InspectorActions text={text} busy={context.isFetching} />
    </div>
  );
}
