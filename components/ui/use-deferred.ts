import type { ComponentType } from "react";
import { useCallback, useState } from "react";
import { useToast } from "./toasts";

/**
 * A component whose code is fetched when it is first asked for. A fetch that fails says so and can be tried again;
 * it does not take the page down, as a `lazy` component would.
 */
export function useDeferred<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const [Component, setComponent] = useState<ComponentType<Props> | null>(null);
  const toast = useToast();

  const fetchNow = useCallback(async () => {
    try {
      const loaded = await load();
      setComponent(() => loaded.default);
    } catch {
      toast({ text: "This could not be loaded. Are you offline?", urgent: true });
    }
  }, [load, toast]);

  return { Component, fetchNow };
}
