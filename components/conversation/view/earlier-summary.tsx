import { useQuery } from "@tanstack/react-query";
import { runningSummaryQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { useSpeech } from "@/components/words/words";

interface EarlierSummaryProps {
  sessionId: string;
  /** The number of known messages. The summary may have changed when it changes. */
  messages: number;
}

/** The model reads this many messages; with more, the earlier ones are summarised. */
const READ_IN_FULL = 20;

/**
 * The summary of the beginning of a long conversation, marked as one. Renders nothing while the model reads all of it.
 */
export function EarlierSummary({ sessionId, messages }: EarlierSummaryProps) {
  const { client } = trpc.useUtils();
  const query = useQuery({ ...runningSummaryQuery(client, sessionId), enabled: messages > READ_IN_FULL });
  const { words: page, plural } = useSpeech();
  if (!query.data) return null;
  const { words, messages: count } = query.data;
  return (
    <details data-testid="earlier-summary" className="rounded-xl border border-line bg-sheet px-4 py-2.5 text-sm">
      <summary className="cursor-pointer text-ink-soft">{plural(page.conversation.summedUp, count)}</summary>
      <p dir="auto" className="mt-2 whitespace-pre-wrap leading-6">
        {words}
      </p>
    </details>
  );
}
