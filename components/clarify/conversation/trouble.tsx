import { RotateCw } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { TroubleEntry } from "./entries";

interface TroubleProps {
  entry: TroubleEntry;
  /** Null while another reply is under way. */
  onResend: ((message: { id: string; content: string }) => void) | null;
}

/** A message that did not get its reply, and the way to ask again. */
export function Trouble({ entry, onResend }: TroubleProps) {
  return (
    <div
      data-testid="trouble"
      className="flex flex-wrap items-center justify-between gap-3 rounded-xl bg-ember-wash px-4 py-2.5 text-ember text-sm"
    >
      <p>{entry.message}</p>
      <Button
        look="quiet"
        className="min-h-9 py-1"
        disabled={onResend === null}
        onClick={() => onResend?.(entry.resend)}
      >
        <RotateCw aria-hidden className="size-4" />
        Try again
      </Button>
    </div>
  );
}
