"use client";

import type { ComponentProps, ComponentType } from "react";
import { use, useCallback, useEffect, useState } from "react";
import { recoverFromOldBuild } from "@/components/build/page-build";
import { useWords } from "@/components/words/words";
import { ON_SERVER } from "./on-server";
import { RetryNotice } from "./retry-notice";
import { useToast } from "./toasts";

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** The props of a menu's button, besides its own. */
export type MenuButtonProps = ComponentProps<"button">;

/**
 * A menu whose code is loaded when the person reaches for its button. Until then only the button is rendered. The
 * loaded menu opens at once, with the same button.
 */
export function deferMenu<Props extends object>(
  load: Load<Props>,
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
 * the code is there, and says so if it cannot be loaded.
 * @param shownAt the media query of pages that show the part from the start: they load it beside their hydration
 */
export function deferPart<Props extends object>(load: Load<Props>, Fallback: ComponentType, shownAt: string) {
  const usePart = loadBeside(load, () => window.matchMedia(shownAt).matches);

  return function DeferredPart(props: Props) {
    const { Component: Part, failure, retry } = usePart();
    if (Part !== null) return <Part {...props} />;
    if (failure === null) return <Fallback />;
    return <RetryNotice text={failure} onRetry={retry} className="p-4" />;
  };
}

/**
 * The same for a part that the server renders. The hook returns the part when it is there, or else why it cannot be loaded.
 * The browser must not hydrate what the server has rendered, because the part may be there or not.
 */
export function deferRendered<Props extends object>(load: Load<Props>) {
  if (!ON_SERVER) return loadBeside(load, () => true);
  let loading: ReturnType<Load<Props>> | null = null;
  return function useOnServer(): Part<Props> {
    loading ??= load();
    return { Component: use(loading).default, failure: null, retry() {} };
  };
}

interface Part<Props> {
  /** Null until its code is there. */
  Component: ComponentType<Props> | null;
  /** Why it cannot be loaded. */
  failure: string | null;
  retry(): void;
}

/** @param begins whether the code is to be loaded before the part is rendered */
function loadBeside<Props extends object>(load: Load<Props>, begins: () => boolean) {
  let loaded: ComponentType<Props> | null = null;
  const loadOnce = async () => {
    const part = await load();
    loaded = part.default;
    return part;
  };
  // A failure has no consequence yet, because the part tries again when it is rendered.
  if (!ON_SERVER && begins()) loadOnce().catch(() => {});

  return function usePart(): Part<Props> {
    const { Component, failure, fetchNow } = useLoaded(loadOnce, loaded);
    const text = useFailureText();
    useEffect(() => {
      if (Component === null) void fetchNow();
    }, [Component, fetchNow]);
    return { Component, failure: failure && text(failure), retry: () => void fetchNow() };
  };
}

/**
 * A component whose code is loaded on first use. A failed load is reported by a toast and can be tried again; it does
 * not break the page as a `lazy` component would.
 */
export function useDeferred<Props>(load: Load<Props>) {
  const { Component, fetchNow: fetchPart } = useLoaded(load, null);
  const toast = useToast();
  const text = useFailureText();

  const fetchNow = useCallback(async () => {
    const failure = await fetchPart();
    if (failure !== null) toast({ text: text(failure), urgent: true });
  }, [fetchPart, toast, text]);

  return { Component, fetchNow };
}

/** Why code cannot be loaded: the server has another build, or it cannot be reached. */
type Failure = "outdated" | "unreachable";

function useLoaded<Props>(load: Load<Props>, initial: ComponentType<Props> | null) {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(() => initial);
  const [failure, setFailure] = useState<Failure | null>(null);

  /** Resolves with why it failed; null when the code is there, or the page is being loaded anew. */
  const fetchNow = useCallback(async (): Promise<Failure | null> => {
    setFailure(null);
    try {
      const loaded = await load();
      setComponent(() => loaded.default);
      return null;
    } catch {
      const outcome = await recoverFromOldBuild();
      const failed = outcome === "reloading" ? null : outcome === "outdated" ? "outdated" : "unreachable";
      setFailure(failed);
      return failed;
    }
  }, [load]);

  return { Component, failure, fetchNow };
}

function useFailureText() {
  const { app } = useWords();
  return useCallback((failure: Failure) => (failure === "outdated" ? app.renewed : app.couldNotLoad), [app]);
}
