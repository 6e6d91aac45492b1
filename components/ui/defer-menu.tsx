"use client";

import type { ComponentProps, ComponentType } from "react";
import { useDeferred } from "./use-deferred";

/** What a menu's button is given beside its own props. */
export type MenuButtonProps = ComponentProps<"button">;

/**
 * A menu whose code is fetched when somebody reaches for it. Until then only its button is there; the menu, once
 * fetched, opens at once and brings the same button along.
 */
export function deferMenu<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  MenuButton: ComponentType<{ menu: Props; button: MenuButtonProps }>,
) {
  // Ahead of a press a failure means nothing yet; the press tries again.
  const fetchAhead = () => void load().catch(() => {});

  return function DeferredMenu(props: Props) {
    const { Component: Menu, fetchNow } = useDeferred(load);
    if (Menu !== null) return <Menu {...props} />;
    return (
      <MenuButton
        menu={props}
        button={{
          "aria-haspopup": "menu",
          "aria-expanded": false,
          onPointerEnter: fetchAhead,
          onFocus: fetchAhead,
          onClick: () => void fetchNow(),
        }}
      />
    );
  };
}
