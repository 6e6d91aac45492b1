import { useWords } from "@/components/words/words";
import { Button } from "./button";
import { classNames } from "./class-names";

/** Stands in place of something that could not be loaded: why, and a button that tries again. */
export function RetryNotice({
  text,
  onRetry,
  className,
}: {
  text: string;
  onRetry: () => void;
  className?: string | undefined;
}) {
  const { common } = useWords();
  return (
    <div className={classNames("flex flex-col items-start gap-3", className)}>
      <p role="alert" className="text-ember">
        {text}
      </p>
      <Button look="quiet" onClick={onRetry}>
        {common.tryAgain}
      </Button>
    </div>
  );
}
