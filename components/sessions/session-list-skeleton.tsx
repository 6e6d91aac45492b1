import { SkeletonLine } from "@/components/ui/skeleton";
import { useWords } from "@/components/words/words";

/** Placeholder of the conversations while they are loading. */
export function SessionListSkeleton() {
  const { sessions } = useWords();
  return (
    <div role="status" className="flex flex-col gap-6 px-3 py-2">
      <span className="sr-only">{sessions.loading}</span>
      {["w-4/5", "w-3/5", "w-2/3", "w-1/2"].map((width) => (
        <SkeletonLine key={width} className={width} />
      ))}
    </div>
  );
}
