// Brings the page up to date while somebody looks at it. Without it the page shows what was so when it was loaded.
"use strict";

const EVERY = 5000;

async function refresh() {
  if (document.hidden || !getSelection().isCollapsed) {
    return;
  }
  try {
    const answer = await fetch("./", { cache: "no-store" });
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    document.getElementById("stale").textContent = " · no answer since: what you see is old";
  }
}

// What is open stays open, and where the keyboard is, it stays.
function show(fresh) {
  const focused = document.activeElement.id;
  for (const details of document.querySelectorAll("details[open]")) {
    fresh.getElementById(details.id)?.setAttribute("open", "");
  }
  document.title = fresh.title;
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  document.getElementById(focused)?.focus({ preventScroll: true });
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
