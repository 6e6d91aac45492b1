import { RetryNotice } from "@/components/ui/retry-notice";
import { useWords } from "@/components/words/words";
import { describeError } from "./errors";

interface LoadFailureProps {
  query: { error: unknown; refetch: () => Promise<unknown> };
  className?: string;
}

/** Shown in place of a query's data that could not be loaded. */
export function LoadFailure({ query, className }: LoadFailureProps) {
  const words = useWords();
  const { message } = describeError(query.error, words);
  return <RetryNotice text={message} onRetry={() => void query.refetch()} className={className} />;
}
