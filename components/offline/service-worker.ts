import { useEffect } from "react";
import { ownBuild } from "@/components/build/page-build";

/** Has the pages that the person reads kept for when there is no network; each as it is when they turn away from it. */
export function useOfflinePages(): void {
  useEffect(() => {
    const build = ownBuild();
    // Browsers have service workers only over HTTPS. In development files change under their names.
    if (build === null || !("serviceWorker" in navigator)) return;
    const { serviceWorker } = navigator;
    serviceWorker.register(`/sw.js?build=${encodeURIComponent(build)}`).catch(() => {
      // A browser that forbids it opens Clarify with a network only.
    });
    const keep = () => {
      if (document.hidden) serviceWorker.controller?.postMessage({ keep: window.location.pathname });
    };
    document.addEventListener("visibilitychange", keep);
    return () => document.removeEventListener("visibilitychange", keep);
  }, []);
}

/** Forgets every page of the person: the next one at this browser must not find them. */
export async function forgetPages(): Promise<void> {
  if (!("caches" in window)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("clarify-pages-")).map((name) => caches.delete(name)));
}
