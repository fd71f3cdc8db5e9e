// Dialogs and drawers are native <dialog> elements: focus is kept inside, Escape closes, the rest of the page rests.
//   <button data-open="id">     opens; focus returns to the button afterwards
//   <button data-close>         closes the dialog it stands in
//   <button data-dismiss>       removes the note (.alert) it stands in
//   <button data-toggle="id">   shows or hides a part of the page
import { htmx } from "./requests.js";

/** Open the dialog called `id`. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("wd:open", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    openDialog(opener.dataset.open);
    return;
  }
  const dismissed = event.target.closest("[data-dismiss]");
  if (dismissed) {
    dismissed.closest(".alert")?.remove();
    return;
  }
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) {
    const part = document.getElementById(toggle.dataset.toggle);
    part.hidden = !part.hidden;
    toggle.setAttribute("aria-expanded", String(!part.hidden));
    if (!part.hidden) part.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && (event.target.closest("[data-close]") || (event.target === dialog && isOutside(dialog, event)))) {
    dialog.close();
  }
});

// A click on the veil is a click on the dialog element outside its box; a form half filled in is not lost by it.
function isOutside(dialog, event) {
  if (dialog.querySelector("textarea, input:not([type=hidden]):not([type=search])")) return false;
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// A drawer fetches its body each time it opens, so that what it shows is true now.
document.addEventListener("wd:open", (event) => {
  const body = event.target.querySelector("[data-load]");
  if (body) htmx.ajax("GET", body.dataset.load, { target: body, swap: "innerHTML" });
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method.toLowerCase() !== "post" || form.hasAttribute("hx-post") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});

// Coming back by the browser's back button finds usable forms again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
