import { classNames } from "./class-names";

/** A line of text that is on its way. Appears late, so that a quick answer never flashes. */
export function SkeletonLine({ className }: { className?: string }) {
  return <div aria-hidden className={classNames("h-4 animate-late rounded-md bg-shade", className)} />;
}
