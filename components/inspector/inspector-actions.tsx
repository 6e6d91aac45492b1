import { RefreshCw } from "lucide-react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { CopyButton } from "@/components/ui/copy-button";

interface InspectorActionsProps {
  /** The prompt block, byte for byte. */
  text: string;
  /** Whether the context is being read again. */
  busy: boolean;
  onRefresh: () => void;
}

/** Buttons that read the context again and copy the prompt block. */
export function InspectorActions({ text, busy, onRefresh }: InspectorActionsProps) {
  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-t px-4 py-2.5">
      <Button look="plain" className="flex-1 justify-start px-2" aria-busy={busy} onClick={() => !busy && onRefresh()}>
        <RefreshCw aria-hidden className={classNames("size-4", busy && "animate-spin")} />
        Refresh
      </Button>
      <CopyButton label="Copy prompt block" text={text} />
    </div>
  );
}
