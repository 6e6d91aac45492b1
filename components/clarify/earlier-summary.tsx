import { useQuery } from "@tanstack/react-query";
import { useConversation } from "@/components/conversation/entries/use-conversation";
import { runningSummaryQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useSpeech } from "@/components/words/words";

/** The last question and its answer are never summarised, because they can still change. */
const NEVER_SUMMARISED = 2;

/** The summary of a long conversation's earlier messages, as the model reads it. Empty where the model reads every message. */
export function EarlierSummary({ sessionId }: { sessionId: string }) {
  const { client } = trpc.useUtils();
  const { query, messages } = useConversation(sessionId);
  const enabled = query.hasNextPage || messages.length > NEVER_SUMMARISED;
  const asked = messages.findLast(({ role }) => role === "user");
  const { data: summary } = useQuery({ ...runningSummaryQuery(client, sessionId, asked?.id), enabled });
  const { words, plural } = useSpeech();
  if (!summary) return null;
  return (
    <details data-testid="earlier-summary" className="mt-4 rounded-xl border border-line bg-sheet px-4 py-2.5 text-sm">
      <summary className="cursor-pointer">{plural(words.conversation.summedUp, summary.messages)}</summary>
      <p dir="auto" className="mt-2 whitespace-pre-wrap leading-6">
        {summary.words}
      </p>
    </details>
  );
}
