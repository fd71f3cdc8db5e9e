// Entry of many figures by keyboard, as meter readings: inside <table data-entry> Enter and the down arrow go to the same
// column of the next row, Shift+Enter and the up arrow to the one before, Escape restores what stood there.
function move(input, step) {
  const row = input.closest("tr");
  const column = input.dataset.column ?? input.name;
  const rows = [...input.closest("[data-entry]").querySelectorAll("tbody tr")];
  for (let at = rows.indexOf(row) + step; at >= 0 && at < rows.length; at += step) {
    const inputs = [...rows[at].querySelectorAll("input:not([type=hidden]):not(:disabled)")];
    const next = inputs.find((other) => (other.dataset.column ?? other.name) === column) ?? inputs[0];
    if (next) {
      next.focus();
      next.select?.();
      next.closest("tr").scrollIntoView({ block: "nearest" });
      return true;
    }
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.closest("[data-entry]")) return;
  if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const back = event.key === "ArrowUp" || event.shiftKey;
    if (!move(input, back ? -1 : 1)) input.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (event.key === "Escape") {
    input.value = input.defaultValue;
    input.select?.();
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.closest("[data-entry]")) event.target.select?.();
});
