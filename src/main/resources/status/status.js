// Brings the page up to date while somebody looks at it. Without it the page shows what was so when it was loaded.
"use strict";

const EVERY = 5000;
let asking = false;

async function refresh() {
  if (document.hidden || asking) {
    return;
  }
  if (isSelecting()) {
    tell("Paused while text is selected.");
    return;
  }
  asking = true;
  try {
    const answer = await fetch("./", { cache: "no-store", signal: AbortSignal.timeout(EVERY) });
    if (!answer.ok) {
      throw new Error(answer.statusText);
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!isSelecting()) {
      show(fresh);
    }
  } catch {
    tell("It does not answer: what you see is old.");
  } finally {
    asking = false;
  }
}

function isSelecting() {
  return !getSelection().isCollapsed;
}

// What is open stays open, and where the keyboard and the tables are, they stay. A change of the summary is told.
function show(fresh) {
  const focused = document.activeElement.id;
  for (const details of document.querySelectorAll("details[open]")) {
    fresh.getElementById(details.id)?.setAttribute("open", "");
  }
  const scrolled = [...document.querySelectorAll(".wide")].map((table) => [table.id, table.scrollLeft]);
  tell(fresh.title === document.title ? "" : fresh.title);
  document.title = fresh.title;
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  for (const [id, left] of scrolled) {
    document.getElementById(id)?.scrollTo({ left });
  }
  document.getElementById(focused)?.focus({ preventScroll: true });
}

function tell(news) {
  const place = document.getElementById("news");
  if (place.textContent !== news) {
    place.textContent = news;
  }
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
