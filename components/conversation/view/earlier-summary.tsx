import { useQuery } from "@tanstack/react-query";
import { runningSummaryQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";

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
  if (!query.data) return null;
  const { words, messages: count } = query.data;
  return (
    <details data-testid="earlier-summary" className="rounded-xl border border-line bg-sheet px-4 py-2.5 text-sm">
      <summary className="cursor-pointer text-ink-soft">
        The mirror remembers the first {count} messages by a summary
      </summary>
      <p dir="auto" className="mt-2 whitespace-pre-wrap leading-6">
        {words}
      </p>
    </details>
  );
}
