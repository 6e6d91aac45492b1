import { Check, TriangleAlert } from "lucide-react";
import { classNames } from "@/components/ui/class-names";

/** Whether a target holds. */
export function TargetMark({ met }: { met: boolean }) {
  const Icon = met ? Check : TriangleAlert;
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 font-medium text-xs leading-5",
        met ? "bg-water-wash text-water-deep" : "bg-ember-wash text-ember",
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {met ? "On target" : "Target missed"}
    </span>
  );
}
