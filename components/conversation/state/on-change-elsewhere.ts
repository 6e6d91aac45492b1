/**
 * Calls back when another tab may have changed the storage. A page restored from the browser's back/forward cache missed
 * the storage events, so it checks when it is shown.
 */
export function onChangeElsewhere(changed: () => void): () => void {
  window.addEventListener("storage", changed);
  window.addEventListener("pageshow", changed);
  return () => {
    window.removeEventListener("storage", changed);
    window.removeEventListener("pageshow", changed);
  };
}
