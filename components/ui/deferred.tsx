"use client";

import type { ComponentProps, ComponentType } from "react";
import { useCallback, useEffect, useState } from "react";
import { recoverFromOldBuild } from "@/components/build/page-build";
import { useWords } from "@/components/words/words";
import { useToast } from "./toasts";

/** The props of a menu's button, besides its own. */
export type MenuButtonProps = ComponentProps<"button">;

/**
 * A menu whose code is loaded when the person reaches for its button. Until then only the button is rendered. The
 * loaded menu opens at once, with the same button.
 */
export function deferMenu<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  MenuButton: ComponentType<{ menu: Props; button: MenuButtonProps }>,
) {
  // A failure before the press has no consequence, because the press tries again.
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
 * A part of the page whose code is not among the scripts that the composer waits for. Its place shows the fallback until
 * the code is there. If that cannot be loaded, a toast says so, and the fallback stays.
 * @param shownAt the media query of pages that show the part from the start: they load it beside their hydration
 */
export function deferPart<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  Fallback: ComponentType,
  shownAt: string,
) {
  let loaded: ComponentType<Props> | null = null;
  const loadOnce = async () => {
    const part = await load();
    loaded = part.default;
    return part;
  };
  // A failure has no consequence yet, because the part tries again when it is rendered.
  if (typeof window !== "undefined" && window.matchMedia(shownAt).matches) loadOnce().catch(() => {});

  return function DeferredPart(props: Props) {
    const { Component: Part, fetchNow } = useDeferred(loadOnce, loaded);
    useEffect(() => {
      if (Part === null) void fetchNow();
    }, [Part, fetchNow]);
    return Part === null ? <Fallback /> : <Part {...props} />;
  };
}

/**
 * A component whose code is loaded on first use. A failed load is reported and can be tried again; it does not break
 * the page as a `lazy` component would.
 */
export function useDeferred<Props>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  initial: ComponentType<Props> | null = null,
) {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(() => initial);
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
