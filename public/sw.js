// @ts-check
/// <reference lib="webworker" />

// The service worker of one build, which its URL names. It stores the files of that build and the pages that the person
// read last, so that Clarify opens without a network. It never handles the API, and removes all pages when the person
// signs out.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const BUILD = new URL(worker.location.href).searchParams.get("build") ?? "";
const FILES = `clarify-files-${BUILD}`;
const PAGES = `clarify-pages-${BUILD}`;
const PERSONAL = /^\/(clarify|dreams|reflections|account)(\/|$)/;
const MOST_PAGES = 30;

/** Incremented when the pages are removed. A page that was requested before that is not stored. */
let forgotten = 0;

worker.addEventListener("install", () => void worker.skipWaiting());

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("message", (event) => {
  const { keep: path, forget } = event.data ?? {};
  if (forget === true) event.waitUntil(forgetAll());
  else if (typeof path === "string") event.waitUntil(keep(path));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith("/_next/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

/** The files of another build are useless, and the open pages are handled by this one from now on. */
async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== FILES && name !== PAGES).map((name) => caches.delete(name)));
  await worker.clients.claim();
  const open = await worker.clients.matchAll({ type: "window" });
  await Promise.all(open.map(({ url }) => keep(new URL(url).pathname)));
}

/** Removes every page, also those that are still being fetched. */
async function forgetAll() {
  forgotten += 1;
  await caches.delete(PAGES);
}

/**
 * A file of the build never changes under its name.
 * @param {Request} request
 */
async function file(request) {
  const kept = await caches.match(request, { cacheName: FILES });
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) {
    const files = await caches.open(FILES);
    await files.put(request, response.clone());
  }
  return response;
}

/**
 * The page from the server. Without a server: the stored page, or a redirect to the last stored page.
 * @param {FetchEvent} event
 * @param {URL} url
 */
async function page(event, url) {
  const asked = forgotten;
  try {
    const response = await fetch(event.request);
    event.waitUntil(store(url.pathname, response.clone(), asked));
    return response;
  } catch (error) {
    const pages = await caches.open(PAGES);
    const kept = await pages.match(url.pathname);
    if (kept !== undefined) return kept;
    const last = (await pages.keys()).at(-1);
    if (last === undefined || !PERSONAL.test(url.pathname)) throw error;
    return Response.redirect(last.url);
  }
}

/**
 * Reads a page again and stores it, because it may have changed since it was opened.
 * @param {string} path
 */
async function keep(path) {
  if (!PERSONAL.test(path)) return;
  const asked = forgotten;
  try {
    await store(path, await fetch(path, { headers: { "x-clarify-keep": "1" } }), asked);
  } catch {
    // Without a network, the stored page stays.
  }
}

/**
 * @param {string} path
 * @param {Response} response
 * @param {number} asked the value of `forgotten` when the page was requested
 */
async function store(path, response, asked) {
  // The browser follows the redirect, and sends its target here again.
  if (response.type === "opaqueredirect") return;
  // A redirect to the sign-in means that nobody is signed in any more, and the link of a mail signs somebody else in.
  if (/^\/(sign-in|auth\/confirm)$/.test(new URL(response.url).pathname)) {
    await forgetAll();
    return;
  }
  if (!response.ok || response.redirected || !PERSONAL.test(path)) return;
  const body = await response.blob();
  if (asked !== forgotten) return;
  const pages = await caches.open(PAGES);
  // The latest page is the last key.
  await pages.delete(path);
  await pages.put(path, new Response(body, { status: response.status, headers: response.headers }));
  const paths = await pages.keys();
  await Promise.all(paths.slice(0, -MOST_PAGES).map((oldest) => pages.delete(oldest)));
}
