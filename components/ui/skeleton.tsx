import { classNames } from "./class-names";

/** Placeholder of a line of text. It appears late, so that it does not flash before a quick answer. */
export function SkeletonLine({ className }: { className?: string }) {
  return <div aria-hidden className={classNames("h-4 animate-late rounded-md bg-shade", className)} />;
}

/** Placeholder of a list of cards. */
export function CardsSkeleton({ label }: { label: string }) {
  return (
    <div role="status" className="flex flex-col gap-4">
      <span className="sr-only">{label}</span>
      {["w-3/5", "w-2/5", "w-1/2"].map((width) => (
        <div key={width} className="flex h-40 animate-late flex-col gap-4 rounded-2xl border border-line bg-sheet p-5">
          <SkeletonLine className={width} />
          <SkeletonLine className="w-full" />
          <SkeletonLine className="w-4/5" />
        </div>
      ))}
    </div>
  );
}
