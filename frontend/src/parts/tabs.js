// Tabs are links that htmx loads; arrows walk between them, as readers of tab lists expect.
function choose(tab) {
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  }
  const panel = document.getElementById(tab.getAttribute("aria-controls"));
  panel?.setAttribute("aria-labelledby", tab.id);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab && !event.ctrlKey && !event.metaKey) choose(tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  if (!tab) return;
  const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
  const at = tabs.indexOf(tab);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const wanted = tabs[(next + tabs.length) % tabs.length];
  wanted.focus();
  wanted.scrollIntoView({ block: "nearest", inline: "nearest" });
});
