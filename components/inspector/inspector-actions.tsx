import { RefreshCw } from "lucide-react";
import { describeError } from "@/components/trpc/errors";
import { trpc } from "@/components/trpc/trpc";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CopyButton } from "@/components/ui/copy-button";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";

interface InspectorActionsProps {
  /** The prompt block, byte for byte. */
  text: string;
  busy: boolean;
}

/** Forget and read again; copy what the model is given. */
export function InspectorActions({ text, busy }: InspectorActionsProps) {
  const utils = trpc.useUtils();
  const toast = useToast();
  const words = useWords();
  const invalidate = trpc.clarifyContext.invalidate.useMutation({
    onSuccess: () => utils.clarifyContext.get.invalidate(),
    onError: (error) => toast({ text: describeError(error, words).message, urgent: true }),
  });
  const refreshing = invalidate.isPending || busy;

  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-t px-4 py-2.5">
      <Button
        look="plain"
        className="flex-1 justify-start px-2"
        aria-busy={refreshing}
        onClick={() => !refreshing && invalidate.mutate({})}
      >
        <RefreshCw aria-hidden className={classNames("size-4", refreshing && "animate-spin")} />
        Refresh
      </Button>
      <CopyButton label="Copy prompt block" text={text} />
    </div>
  );
}
