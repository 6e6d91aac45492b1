import { RefreshCw } from "lucide-react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CopyButton } from "@/components/ui/copy-button";
import { useWords } from "@/components/words/words";

interface InspectorActionsProps {
  /** The prompt block, byte for byte. */
  text: string;
  /** Whether the context is being read again. */
  busy: boolean;
  onRefresh: () => void;
}

/** Buttons that read the context again and copy the prompt block. */
export function InspectorActions({ text, busy, onRefresh }: InspectorActionsProps) {
  const { inspector } = useWords();
  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-t px-4 py-2.5">
      <Button look="plain" className="flex-1 justify-start px-2" aria-busy={busy} onClick={() => !busy && onRefresh()}>
        <RefreshCw aria-hidden className={classNames("size-4", busy && "animate-spin")} />
        {inspector.refresh}
      </Button>
      <CopyButton label={inspector.copy} text={text} />
    </div>
  );
}
