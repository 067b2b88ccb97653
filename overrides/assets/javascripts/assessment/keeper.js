/* A service worker that holds the keys of an unlocked assessment in memory between two pages, and nothing else: it answers
   no requests and stores nothing. It ends some seconds after the last page, and the keys with it. */

let kept = null;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("message", ({ data, ports: [port] }) => {
  if (data.drop || (kept && Date.now() > kept.until)) kept = null;
  if (data.put) kept = { keys: data.put, id: data.id, minutes: data.minutes };
  if (kept) kept.until = Date.now() + kept.minutes * 60_000;
  port.postMessage(data.get && kept?.id === data.get ? kept.keys : null);
});
