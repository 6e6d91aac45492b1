import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { describeError } from "./errors";

interface LoadFailureProps {
  query: { error: unknown; refetch: () => Promise<unknown> };
  className?: string;
}

/** Stands where something could not be loaded: what happened, and a way to try again. */
export function LoadFailure({ query, className }: LoadFailureProps) {
  return (
    <div className={classNames("flex flex-col items-start gap-3", className)}>
      <p role="alert" className="text-ember">
        {describeError(query.error).message}
      </p>
      <Button look="quiet" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </div>
  );
}
