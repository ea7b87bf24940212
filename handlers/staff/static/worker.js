// Keeps a form that could not be sent, says so, and sends it when the line is back. The service carries out a
// form once however often it comes, so one whose answer was lost may be sent again.
"use strict";

const OFFLINE = "/staff/offline";
const TOKEN = "/staff/form-token";
const PATIENCE_MS = 25000;
const NEEDS_AN_ANSWER = /\/(sign-in|unlock|second-step|set-up|lock|language|number|code|reset|unblock|merge|new|secret|sign-out[^/]*)$/;
const DOORS = /\/staff\/(sign-in|unlock|second-step)/;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open("khopotso").then((cache) => cache.add(OFFLINE)));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const asked = event.request;
  if (asked.mode !== "navigate") return;
  event.respondWith(asked.method === "POST" ? post(asked) : fetch(asked).catch(offline));
});
self.addEventListener("message", (event) => event.waitUntil(hear(event.data)));
self.addEventListener("sync", (event) => event.waitUntil(sendAll()));

async function post(asked) {
  const copy = asked.clone();
  try {
    return await fetch(asked, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    if (!NEEDS_AN_ANSWER.test(new URL(asked.url).pathname)) await keep(copy);
    return offline();
  }
}

async function offline() {
  return (await caches.match(OFFLINE)) || Response.error();
}

async function keep(asked) {
  const body = await asked.text();
  await store("readwrite", (forms) => forms.add({ url: asked.url, body, at: Date.now(), refused: false }));
  if (self.registration.sync) await self.registration.sync.register("send").catch(() => undefined);
}

async function hear(said) {
  if (said.drop) await store("readwrite", (forms) => forms.delete(said.drop));
  if (said.hello) await sendAll().catch(() => undefined); // the line is still away
  await tell();
}

async function tell() {
  const kept = await store("readonly", (forms) => forms.getAll());
  for (const page of await self.clients.matchAll()) page.postMessage({ kept });
}

let sending = null;

function sendAll() {
  sending = sending || sendInOrder().finally(() => (sending = null));
  return sending;
}

async function sendInOrder() {
  const kept = (await store("readonly", (forms) => forms.getAll())).filter((form) => !form.refused);
  if (!kept.length) return;
  const answer = await fetch(TOKEN);
  if (!answer.ok || answer.redirected) return; // nobody is signed in
  const { token, by } = await answer.json();
  for (const form of kept) if (!(await send(form, token, by))) return;
  await tell();
}

// Whether the next one may be tried.
async function send(form, token, by) {
  const fields = new URLSearchParams(form.body);
  if (!(fields.get("form_key") || "").startsWith(by)) return true; // somebody else's; it waits for her
  fields.set("csrf_token", token);
  const answer = await fetch(form.url, { method: "POST", body: fields });
  if (DOORS.test(answer.url) || answer.status === 401 || answer.status >= 500) return false;
  if (answer.ok) await store("readwrite", (forms) => forms.delete(form.id));
  else await store("readwrite", (forms) => forms.put({ ...form, refused: true }));
  return true;
}

function store(mode, use) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("khopotso", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("forms", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = use(opening.result.transaction("forms", mode).objectStore("forms"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    };
  });
}
