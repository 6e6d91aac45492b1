import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { useTabIndex } from "./tab-stop";

const LOOKS = {
  primary: "bg-water text-on-water hover:bg-water-deep",
  quiet: "border border-edge/60 bg-sheet text-ink hover:border-edge hover:bg-shade",
  plain: "text-ink-soft hover:bg-shade hover:text-ink",
} as const;

type ButtonLook = keyof typeof LOOKS;

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook, className?: string): string {
  return classNames(
    "inline-flex min-h-10 items-center justify-center gap-2 rounded-xl px-4 py-2 font-medium text-sm leading-5",
    "transition-colors duration-150 disabled:cursor-default disabled:opacity-50",
    LOOKS[look],
    className,
  );
}

export function Button({ look, className, ...props }: ComponentProps<"button"> & { look: ButtonLook }) {
  return <button type="button" tabIndex={useTabIndex()} {...props} className={buttonClass(look, className)} />;
}

/** A button that shows only an icon; `label` is its name, also as a tooltip. */
export function IconButton({ label, className, ...props }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      tabIndex={useTabIndex()}
      {...props}
      className={classNames(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-xl text-ink-soft transition-colors duration-150",
        "hover:bg-shade hover:text-ink disabled:cursor-default disabled:opacity-40 [&_svg]:size-[1.125rem]",
        className,
      )}
    />
  );
}
