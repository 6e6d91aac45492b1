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
  /** Whether sources, ages and tokens are shown. */
  technical: boolean;
  onTechnical: () => void;
}

/** Buttons that read the context again, show what is technical about it, and copy the prompt block. */
export function InspectorActions({ text, busy, onRefresh, technical, onTechnical }: InspectorActionsProps) {
  const { inspector } = useWords();
  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-t px-4 py-2.5">
      <Button look="plain" className="flex-1 justify-start px-2" aria-busy={busy} onClick={() => !busy && onRefresh()}>
        <RefreshCw aria-hidden className={classNames("size-4", busy && "animate-spin")} />
        {inspector.refresh}
      </Button>
      <Button look="plain" className="px-2 text-ink-soft text-xs" aria-pressed={technical} onClick={onTechnical}>
        {inspector.technical}
      </Button>
      <CopyButton label={inspector.copy} text={text} className="in-[[data-technical=false]]:hidden" />
    </div>
  );
}
