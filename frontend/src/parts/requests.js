// How htmx behaves here: nothing is evaluated, nothing personal is kept in the browser, every failure is told.
import htmx from "htmx.org";
import { toast } from "./toasts.js";
import { word } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollBehavior: "auto",
  timeout: 60000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

const BUSY_AFTER = 300;
let underWay = 0;
let timer;

function busy(change) {
  underWay = Math.max(0, underWay + change);
  window.clearTimeout(timer);
  const bar = document.getElementById("wd-busy");
  if (!bar) return;
  if (underWay === 0) bar.classList.remove("wd-shown");
  else timer = window.setTimeout(() => bar.classList.add("wd-shown"), BUSY_AFTER);
}

// A poll that runs every two seconds is not worth a bar.
const polled = (event) => event.detail.elt?.matches?.("[data-quiet]");

// What looks anew by itself waits while somebody is at it: a control in it has the focus, a text in it is marked, a dialog is open.
const isAtIt = (part) => {
  const held = document.activeElement;
  const marked = document.getSelection();
  return (
    (held && part.contains(held) && held.matches("input, select, textarea, button")) ||
    (marked && !marked.isCollapsed && part.contains(marked.anchorNode)) ||
    document.querySelector("dialog[open]") !== null
  );
};

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!polled(event)) busy(1);
  else if (isAtIt(event.detail.target)) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => polled(event) || busy(-1));

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A refusal says why in a sentence of its own; anything else is named by its status.
document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  const said = new DOMParser().parseFromString(responseText, "text/html").querySelector("[role=alert]");
  const known = ["401", "403", "404", "409", "413", "429"].includes(String(status));
  toast(said?.textContent.trim() || word(known ? `error${status}` : "errorServer", { status }), "late");
});
document.addEventListener("htmx:sendError", () => toast(word("errorNetwork"), "late"));
document.addEventListener("htmx:timeout", () => toast(word("errorTimeout"), "late"));

// After a swap the reader is led to what the new part marks; form errors come first.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const wanted = part.querySelector?.("[aria-invalid=true], [data-focus]");
  if (wanted) wanted.focus();
  const live = document.getElementById("wd-live");
  const said = part.matches?.("[data-announce]") ? part : part.querySelector?.("[data-announce]");
  if (live && said) live.textContent = said.dataset.announce || said.textContent.trim();
});

export { htmx };
