import { useEffect } from "react";
import { ownBuild } from "@/components/build/page-build";

/**
 * Lets the service worker store the pages that the person reads, for use without a network. A page is stored when they
 * leave it.
 */
export function useOfflinePages(): void {
  useEffect(() => {
    const build = ownBuild();
    // Browsers have service workers only over HTTPS. In development, files change without changing their names.
    if (build === null || !("serviceWorker" in navigator)) return;
    const { serviceWorker } = navigator;
    serviceWorker.register(`/sw.js?build=${encodeURIComponent(build)}`).catch(() => {
      // A browser that forbids it opens Clarify only with a network.
    });
    const keep = () => {
      if (document.hidden) serviceWorker.controller?.postMessage({ keep: window.location.pathname });
    };
    document.addEventListener("visibilitychange", keep);
    return () => document.removeEventListener("visibilitychange", keep);
  }, []);
}

/** Removes every stored page, so that the next person at this browser cannot find them. */
export async function forgetPages(): Promise<void> {
  if (!("caches" in window && "serviceWorker" in navigator)) return;
  // The worker also drops the pages that it is still fetching.
  navigator.serviceWorker.controller?.postMessage({ forget: true });
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("clarify-pages-")).map((name) => caches.delete(name)));
}
