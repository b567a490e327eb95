// Where the certificate is trusted: the dress of the pages, and the last forms of five minutes, without a network.
"use strict";
const DRESS = "briefgen-dress", FORMS = "briefgen-forms", MOST = 8;
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event, place = new URL(request.url);
  if (request.method !== "GET" || place.origin !== location.origin) return;
  if (place.pathname.startsWith("/static/")) event.respondWith(dress(request));
  else if (/^\/r\/[^/]+$/.test(place.pathname)) event.respondWith(form(request, place));
});
const dress = async (request) => {
  const shelf = await caches.open(DRESS), held = await shelf.match(request);
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok) shelf.put(request, answer.clone());
  return answer;
};
const form = async (request, place) => {
  const shelf = await caches.open(FORMS), key = place.pathname;
  let answer;
  try { answer = await fetch(request); } catch { return (await shelf.match(key)) || Response.error(); }
  if (answer.status === 401) await caches.delete(FORMS);
  else if (answer.ok && !answer.redirected) {
    await shelf.put(key, answer.clone());
    const keys = await shelf.keys();
    for (const old of keys.slice(0, Math.max(keys.length - MOST, 0))) await shelf.delete(old);
  }
  return answer;
};
