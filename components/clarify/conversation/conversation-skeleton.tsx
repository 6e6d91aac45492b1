import { SkeletonLine } from "@/components/ui/skeleton";

/** The shape of a conversation that is on its way. */
export function ConversationSkeleton() {
  return (
    <div role="status" className="mx-auto flex w-full max-w-2xl flex-1 flex-col justify-end gap-8 px-4 py-8 sm:px-6">
      <span className="sr-only">Loading the conversation…</span>
      {[0, 1].map((turn) => (
        <div key={turn} className="flex flex-col gap-3">
          <SkeletonLine className="mb-3 h-11 w-3/5 self-end rounded-2xl" />
          <SkeletonLine />
          <SkeletonLine className="w-11/12" />
          <SkeletonLine className="w-2/3" />
        </div>
      ))}
    </div>
  );
}
