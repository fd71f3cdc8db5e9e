// A row that has one page behind it can be clicked anywhere: <tr data-href="…">. Its first cell holds the real link,
// so keyboard and screen reader need nothing of this. j and k walk through the rows of a list.
const busy = (target) => target.closest("a, button, input, select, textarea, label, summary, dialog");

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || busy(event.target) || String(window.getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
  else window.location.assign(row.dataset.href);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches?.("input, select, textarea, [contenteditable]")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => row.classList.contains("wd-here"));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  rows[here]?.classList.remove("wd-here");
  next.classList.add("wd-here");
  next.querySelector("a, input")?.focus();
  next.scrollIntoView({ block: "nearest" });
});
