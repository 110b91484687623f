// SPDX-License-Identifier: Apache-2.0
// The service worker: the shell, and the last area that was seen. It answers from the network where there is one, so that
// scores are never older than they have to be, and from what it kept where there is none. Ratings are kept by the page
// itself (queue.ts), since the worker has no token.
/// <reference lib="webworker" />
export {};
declare const self: ServiceWorkerGlobalScope;
declare const __SHELL__: string[]; // filled in by the build
declare const __VERSION__: string;

const shell = `shell-${__VERSION__}`;
const seen = "seen";
const mostSeen = 400; // answers: tiles and reads

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(shell);
      await cache.addAll(__SHELL__);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== shell && name !== seen) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

const isTile = (url: URL) => url.pathname.startsWith("/tiles/");
// What is the same for everybody. Nothing of one's account is kept.
const isRead = (url: URL) => /^\/api\/v1\/diary\/(segments|coverage)(\/|$)/.test(url.pathname);
const kept = { cacheName: seen, ignoreVary: true } as const;

async function keep(request: Request, response: Response): Promise<void> {
  const cache = await caches.open(seen);
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - mostSeen))) await cache.delete(key); // the oldest
}

const away = () =>
  new Response(JSON.stringify({ error: "offline" }), { status: 503, headers: { "Content-Type": "application/json", "X-Diary-Offline": "1" } });

async function fresh(event: FetchEvent): Promise<Response> {
  try {
    const response = await fetch(event.request);
    if (response.status === 200 || response.status === 204) event.waitUntil(keep(event.request, response.clone()));
    return response;
  } catch {
    return (await caches.match(event.request, kept)) ?? away();
  }
}

async function page(event: FetchEvent): Promise<Response> {
  try {
    return await fetch(event.request);
  } catch {
    return (await caches.match("/", { cacheName: shell })) ?? away();
  }
}

// An asset's name says what is in it: what is kept is right. Charts are kept when they are first seen.
async function asset(event: FetchEvent): Promise<Response> {
  const kept = await caches.match(event.request, { cacheName: shell, ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.status === 200) {
    const copy = response.clone();
    event.waitUntil(caches.open(shell).then((cache) => cache.put(event.request, copy)));
  }
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/api/v1/live/")) return;
  if (request.mode === "navigate" && url.pathname === "/") return event.respondWith(page(event));
  if (isTile(url) || isRead(url)) return event.respondWith(fresh(event));
  if (__SHELL__.includes(url.pathname) || url.pathname.startsWith("/assets/")) event.respondWith(asset(event));
});
