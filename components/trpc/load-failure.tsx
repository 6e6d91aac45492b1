import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { useWords } from "@/components/words/words";
import { describeError } from "./errors";

interface LoadFailureProps {
  query: { error: unknown; refetch: () => Promise<unknown> };
  className?: string;
}

/** Stands where something could not be loaded: what happened, and a way to try again. */
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
