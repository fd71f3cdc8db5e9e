// Ctrl-K: one box that finds anything. Arrows choose, Enter goes there; what was chosen lately is kept for this tab only.
import { openDialog } from "./dialogs.js";
import { htmx } from "./requests.js";
import { word } from "./words.js";

const RECENT = "wd-recent";
const KEPT = 6;
const PAUSE = 140;

const dialog = document.getElementById("wd-palette");
const input = dialog?.querySelector("input");
const hits = dialog?.querySelector("[data-hits]");
let timer;

const found = () => [...hits.querySelectorAll("a.wd-hit")];

function recent() {
  try {
    return JSON.parse(window.sessionStorage.getItem(RECENT) || "[]");
  } catch {
    return [];
  }
}

function remember(hit) {
  const item = { href: hit.getAttribute("href"), text: hit.dataset.label || hit.textContent.trim() };
  const kept = [item, ...recent().filter((other) => other.href !== item.href)].slice(0, KEPT);
  window.sessionStorage.setItem(RECENT, JSON.stringify(kept));
}

function showRecent() {
  const items = recent();
  hits.replaceChildren();
  if (items.length === 0) return;
  const title = document.createElement("div");
  title.className = "wd-hits-title";
  title.textContent = word("recent");
  hits.append(title);
  for (const item of items) {
    const hit = document.createElement("a");
    hit.className = "wd-hit";
    hit.href = item.href;
    hit.textContent = item.text;
    hits.append(hit);
  }
  choose(0);
}

function choose(at) {
  const all = found();
  all.forEach((hit, index) => {
    hit.id ||= `wd-hit-${index}`;
    hit.setAttribute("role", "option");
    hit.setAttribute("aria-selected", String(index === at));
    hit.tabIndex = -1;
  });
  if (all[at]) {
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function search() {
  const query = input.value.trim();
  if (!query) {
    showRecent();
    return;
  }
  htmx.ajax("GET", `${dialog.dataset.search}?q=${encodeURIComponent(query)}`, {
    source: input,
    target: hits,
    swap: "innerHTML",
  });
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openDialog("wd-palette");
    }
  });

  dialog.addEventListener("wd:open", () => {
    input.select();
    search();
  });

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(search, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    const all = found();
    const at = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose(Math.min(at + 1, all.length - 1));
    else if (event.key === "ArrowUp") choose(Math.max(at - 1, 0));
    else if (event.key === "Enter" && all.length) all[Math.max(at, 0)].click();
    else return;
    event.preventDefault();
  });

  hits.addEventListener("htmx:afterSettle", () => {
    // An answer to an older question may arrive late: it is shown only while it is still asked.
    choose(0);
  });

  hits.addEventListener("click", (event) => {
    const hit = event.target.closest("a.wd-hit");
    if (hit) remember(hit);
  });
}
