// The page works without this file. It keeps what changes fresh, and counts while somebody types.
"use strict";

const EVERY_MS = 2000;
const PAUSE_MS = 150;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (!fresh || fresh.innerHTML === old.innerHTML) continue;
    announce(newest(old), newest(fresh));
    old.innerHTML = fresh.innerHTML;
  }
}

function newest(list) {
  const words = list.querySelector("li.received:first-child .words");
  return words ? words.textContent : "";
}

function announce(before, now) {
  if (now && now !== before) document.getElementById("news").textContent = `New text: ${now}`;
}

function countWhileTyping(output) {
  const typed = document.getElementById(output.dataset.sizeOf);
  let waiting;
  async function ask() {
    const body = new URLSearchParams({ text: typed.value });
    const answer = await fetch(output.dataset.ask, { method: "POST", body }).catch(() => null);
    if (answer && answer.ok) output.textContent = await answer.text();
  }
  typed.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
}

document.querySelectorAll("[data-size-of]").forEach(countWhileTyping);
setInterval(refresh, EVERY_MS);
