import { Pause, Play } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { useSpeech, useWords } from "@/components/words/words";

interface PauseButtonProps {
  /** The name of what is paused, as in "Pause Learn to sail". */
  name: string;
  paused: boolean;
  onPause: (paused: boolean) => void;
}

/** Leaves an item out of every context, or puts it back. */
export function PauseButton({ name, paused, onPause }: PauseButtonProps) {
  const { words, fill } = useSpeech();
  const { common } = words;
  return (
    <IconButton
      label={fill(paused ? common.resumeIt : common.pauseIt, { name })}
      title={paused ? common.resume : common.pause}
      onClick={() => onPause(!paused)}
    >
      {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
    </IconButton>
  );
}

/** Marks an item that is paused. */
export function PausedMark() {
  const { common } = useWords();
  return (
    <span
      data-testid="paused"
      className="rounded-full border border-line border-dashed px-2.5 py-0.5 text-ink-soft text-sm"
    >
      {common.paused}
    </span>
  );
}
