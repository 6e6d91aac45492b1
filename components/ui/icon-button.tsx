import type { ComponentProps } from "react";
import { classNames } from "./class-names";

/** A button that shows only an icon; `label` is its name, also as a tooltip. */
export function IconButton({ label, className, ...props }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...props}
      className={classNames(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-xl text-ink-soft transition-colors duration-150",
        "hover:bg-shade hover:text-ink disabled:cursor-default disabled:opacity-40 [&_svg]:size-[1.125rem]",
        className,
      )}
    />
  );
}
