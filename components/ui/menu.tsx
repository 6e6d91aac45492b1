"use client";

import * as DropdownMenu from "radix-ui/dropdown-menu";
import type { ComponentProps } from "react";
import { LANGUAGE_FACTS } from "@/components/words/language";
import { useSpeech } from "@/components/words/words";
import { classNames } from "./class-names";

const ITEM =
  "flex min-h-9 cursor-pointer select-none items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-[highlighted]:bg-shade [&_svg]:size-4";

/** A menu in the reading direction of the page, with matching arrow keys. */
export function Menu(props: ComponentProps<typeof DropdownMenu.Root>) {
  return <DropdownMenu.Root dir={LANGUAGE_FACTS[useSpeech().language].dir} {...props} />;
}
export const MenuTrigger = DropdownMenu.Trigger;

export function MenuContent({ className, ...props }: ComponentProps<typeof DropdownMenu.Content>) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        sideOffset={6}
        collisionPadding={8}
        {...props}
        className={classNames(
          "z-[60] min-w-48 animate-settle rounded-xl border border-line bg-sheet p-1.5 text-ink shadow-lift",
          className,
        )}
      />
    </DropdownMenu.Portal>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item {...props} className={classNames(ITEM, className)} />;
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="mx-2 my-1.5 h-px bg-line" />;
}

/** A setting that is on or off. The menu stays open when it changes. */
export function MenuSwitch({ children, ...props }: ComponentProps<typeof DropdownMenu.CheckboxItem>) {
  return (
    <DropdownMenu.CheckboxItem
      {...props}
      onSelect={(event) => event.preventDefault()}
      className={classNames(ITEM, "justify-between gap-4")}
    >
      {children}
      <span
        aria-hidden
        className={classNames(
          "flex h-4.5 w-8 items-center rounded-full px-0.5 transition-colors forced-color-adjust-none",
          props.checked === true ? "justify-end bg-water" : "justify-start bg-edge",
        )}
      >
        <span className="size-3.5 rounded-full bg-sheet" />
      </span>
    </DropdownMenu.CheckboxItem>
  );
}
