// Charts and maps are large: their code is fetched when a page (or a part that arrives later) holds one.
function load(part) {
  const has = (selector) => part.matches?.(selector) || part.querySelector?.(selector);
  if (has("[data-chart]")) import("../chart.js").then(({ drawCharts }) => drawCharts(part));
  if (has("[data-map]")) import("../map.js").then(({ drawMaps }) => drawMaps(part));
}

load(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) load(event.detail.elt);
});
