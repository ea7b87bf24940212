// Every page works without this file. It keeps what changes fresh, and says what waits on this phone.
"use strict";

const EVERY_MS = 60000;
const line = document.getElementById("line");

async function refresh() {
  if (document.hidden) return;
  // Looking again by itself is no sign that somebody is there.
  const answer = await fetch(location.href, { headers: { "X-Refresh": "1" } }).catch(() => null);
  if (!answer) return;
  if (answer.redirected) location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (!fresh || old.contains(document.activeElement) || shown(fresh) === shown(old)) continue;
    old.innerHTML = fresh.innerHTML;
  }
}

// What somebody sees of it: the hidden fields of forms are new each time.
function shown(part) {
  return part.textContent;
}

function tell({ kept }) {
  const refused = kept.filter((form) => form.refused).length;
  const waiting = kept.length - refused;
  const said = [];
  if (waiting) said.push(line.dataset.waits.replace("{count}", waiting));
  if (refused) said.push(line.dataset.refused.replace("{count}", refused));
  line.hidden = !said.length;
  if (said.length) line.replaceChildren(said.join(" "), " ", link());
  list(kept);
}

function link() {
  const more = document.createElement("a");
  more.href = line.dataset.look;
  more.textContent = line.dataset.more;
  return more;
}

// On the page about them: what was written, and a way to throw it away.
function list(kept) {
  const place = document.getElementById("kept");
  if (!place) return;
  place.replaceChildren(...kept.map(entry));
}

function entry(form) {
  const item = document.createElement("li");
  const typed = [...new URLSearchParams(form.body)].filter(([name]) => !/^(csrf_token|form_key|to)$/.test(name));
  const words = document.createElement("p");
  words.textContent = `${new Date(form.at).toLocaleString()} · ${typed.map(([, value]) => value).join(", ")}`;
  const drop = document.createElement("button");
  drop.textContent = document.getElementById("kept").dataset.drop;
  drop.addEventListener("click", () => say({ drop: form.id }));
  item.append(words, drop);
  return item;
}

async function say(message) {
  const ready = await navigator.serviceWorker.ready;
  ready.active.postMessage(message);
}

if (line && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/staff/worker.js", { scope: "/staff/" }).catch(() => undefined);
  navigator.serviceWorker.addEventListener("message", (event) => tell(event.data));
  addEventListener("online", () => say({ hello: true }));
  say({ hello: true });
}
if (document.querySelector("[data-live]")) {
  setInterval(refresh, EVERY_MS);
  document.addEventListener("visibilitychange", refresh);
}
