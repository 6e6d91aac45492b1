import { SkeletonLine } from "@/components/ui/skeleton";
import { useWords } from "@/components/words/words";

/** Placeholder of the inspector while the context is loading. */
export function InspectorSkeleton() {
  const { inspector } = useWords();
  return (
    <div role="status" className="flex flex-col gap-5 px-5 py-4">
      <span className="sr-only">{inspector.loading}</span>
      {["w-2/5", "w-1/3", "w-2/5", "w-3/5", "w-1/2"].map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
        <SkeletonLine key={index} className={width} />
      ))}
    </div>
  );
}
