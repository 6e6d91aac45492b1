import { Pause, Play } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { useSpeech, useWords } from "@/components/words/words";

interface PauseButtonProps {
  /** What is paused, as in "Pause Learn to sail". */
  name: string;
  paused: boolean;
  onPause: (paused: boolean) => void;
}

/** Keeps something from the mirror, or lets it know of it again. */
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

/** Says of something paused that it is. */
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
