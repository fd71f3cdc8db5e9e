import { word } from "./words.js";

const LIFETIME = 6000;

/** Show a passing note; `tone` is ok, warn, late or info. Errors stay until they are closed. */
export function toast(message, tone = "info") {
  const place = document.getElementById("wd-toasts");
  if (!place || !message) return;
  const note = document.createElement("div");
  note.className = `wd-toast wd-${tone}`;
  note.setAttribute("role", tone === "late" ? "alert" : "status");
  const text = document.createElement("span");
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", word("close"));
  close.addEventListener("click", () => note.remove());
  note.append(text, close);
  place.append(note);
  if (tone !== "late") window.setTimeout(() => note.remove(), LIFETIME);
}

// A server fragment says: HX-Trigger: {"wd:toast": {"message": "…", "tone": "ok"}}
document.addEventListener("wd:toast", (event) => toast(event.detail.message, event.detail.tone));
