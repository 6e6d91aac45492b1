import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { useWords } from "@/components/words/words";
import { describeError } from "./errors";

interface LoadFailureProps {
  query: { error: unknown; refetch: () => Promise<unknown> };
  className?: string;
}

/** Shown in place of something that could not be loaded: the error, and a button that tries again. */
export function LoadFailure({ query, className }: LoadFailureProps) {
  const words = useWords();
  return (
    <div className={classNames("flex flex-col items-start gap-3", className)}>
      <p role="alert" className="text-ember">
        {describeError(query.error, words).message}
      </p>
      <Button look="quiet" onClick={() => void query.refetch()}>
        {words.common.tryAgain}
      </Button>
    </div>
  );
}
