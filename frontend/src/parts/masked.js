// A masked number is shown in full only for a reason, which the server logs. One dialog serves every number of a page.
import { openDialog } from "./dialogs.js";
import { htmx } from "./requests.js";

let asked;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  asked = button.closest(".wd-masked");
  const dialog = document.getElementById("wd-reveal");
  dialog.querySelector("[data-subject]").textContent = button.dataset.subject || "";
  dialog.querySelector("form").reset();
  openDialog("wd-reveal");
});

document.addEventListener("submit", (event) => {
  const dialog = event.target.closest("#wd-reveal");
  if (!dialog) return;
  event.preventDefault();
  const button = asked.querySelector("[data-reveal]");
  const shown = asked.querySelector("[data-masked]");
  const values = Object.fromEntries(new FormData(event.target));
  htmx.ajax("POST", button.dataset.reveal, { source: shown, target: shown, swap: "innerHTML", values }).then(() => {
    button.hidden = true;
  });
  dialog.close();
});

// A refusal leaves the number masked and the button in place.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.matches?.("[data-masked]") && !event.detail.successful) {
    window.setTimeout(() => {
      event.detail.elt.closest(".wd-masked").querySelector("[data-reveal]").hidden = false;
    });
  }
});
