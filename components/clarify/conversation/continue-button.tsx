import { Play } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Offers to go on with a reply that ended early. */
export function ContinueButton({ onContinue }: { onContinue: () => void }) {
  return (
    <Button look="quiet" className="min-h-8 py-1" onClick={onContinue}>
      <Play aria-hidden className="size-3.5" />
      Continue
    </Button>
  );
}
