"use client";

import type { ComponentProps, ComponentType } from "react";
import { useCallback, useState } from "react";
import { recoverFromOldBuild } from "@/components/build/page-build";
import { useWords } from "@/components/words/words";
import { useToast } from "./toasts";

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

/**
 * A component whose code is fetched when it is first asked for. A fetch that fails says so and can be tried again;
 * it does not take the page down, as a `lazy` component would.
 */
export function useDeferred<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(null);
  const toast = useToast();
  const { app } = useWords();

  const fetchNow = useCallback(async () => {
    try {
      const loaded = await load();
      setComponent(() => loaded.default);
    } catch {
      const outcome = await recoverFromOldBuild();
      if (outcome === "current") toast({ text: app.couldNotLoad, urgent: true });
      if (outcome === "outdated") toast({ text: app.renewed, urgent: true });
    }
  }, [load, toast, app]);

  return { Component, fetchNow };
}
