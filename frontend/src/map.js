// Maps: Leaflet with own vector layers from GeoJSON, no tiles, no foreign request.
// <div data-map data-source="/…geojson" data-panel="id">. What the properties of a feature mean:
//   kind     line | cable | switch | transformer | substation | customer | area | outage …; decides shape and size
//   state    live | dead | open | closed | warn | planned …; decides colour (never alone: the label says it too)
//   label    text of the tooltip and name for the screen reader; name: text that always stands beside it
//   layer    title of the layer it belongs to (layers can be switched off when there are several)
//   url      fragment for the side panel when it is clicked; href: page to go to instead
import L from "leaflet";
import { htmx } from "./parts/requests.js";
import { word } from "./parts/words.js";

const MANY = 1500;
const NAMEABLE = 300;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--wd-${name}`).trim();

const COLORS = {
  live: "chart-1", closed: "chart-1", ok: "ok", dead: "late", late: "late", outage: "late", open: "chart-2",
  warn: "warn", planned: "info", info: "info", other: "chart-5", selected: "focus",
};
const RADIUS = { substation: 9, transformer: 5, switch: 5, customer: 3, pole: 2, outage: 10 };
const WEIGHT = { line: 2.5, cable: 2.5, busbar: 5, service: 1 };

function styleOf({ kind, state } = {}) {
  const color = token(COLORS[state] ?? (kind === "area" ? "edge" : "chart-1"));
  if (kind === "area") return { color, weight: 1, fillColor: color, fillOpacity: state ? 0.22 : 0.06 };
  return {
    color,
    weight: WEIGHT[kind] ?? 2,
    // An open switch is a ring, a closed one is filled; a dead line is dashed: shape says it beside colour.
    fillColor: state === "open" ? token("surface") : color,
    fillOpacity: 1,
    dashArray: !(kind in RADIUS) && (state === "dead" || state === "planned") ? "6 4" : null,
  };
}

function reachable(layer, properties, act) {
  const element = layer.getElement?.();
  if (!element) return;
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", properties.label ?? properties.name ?? "");
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
}

class VectorMap {
  constructor(element) {
    this.element = element;
    this.first = true;
    this.layers = [];
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(element, {
      attributionControl: false, zoomSnap: 0.25, zoomAnimation: !still, fadeAnimation: !still, maxZoom: 20,
    });
    this.map.zoomControl.remove();
    L.control.zoom({ zoomInTitle: word("zoomIn"), zoomOutTitle: word("zoomOut") }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.map.setView([30, 110], 5);
  }

  async load(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    this.show(await answer.json());
  }

  show(data) {
    this.layers.forEach((layer) => layer.remove());
    this.control?.remove();
    const renderer = data.features.length > MANY ? L.canvas({ padding: 0.3 }) : L.svg({ padding: 0.3 });
    const groups = new Map();
    for (const feature of data.features) {
      const name = feature.properties?.layer ?? "";
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(feature);
    }
    const few = data.features.length <= NAMEABLE;
    this.layers = [];
    const named = {};
    for (const [name, features] of groups) {
      const layer = L.geoJSON({ type: "FeatureCollection", features }, {
        style: (feature) => ({ ...styleOf(feature.properties), renderer }),
        pointToLayer: (feature, at) =>
          L.circleMarker(at, { ...styleOf(feature.properties), renderer, radius: RADIUS[feature.properties?.kind] ?? 4 }),
        onEachFeature: (feature, one) => this.bind(feature.properties ?? {}, one, few),
      });
      layer.addTo(this.map);
      this.layers.push(layer);
      if (name) named[name] = layer;
    }
    if (Object.keys(named).length > 1) this.control = L.control.layers(null, named, { collapsed: true }).addTo(this.map);
    const bounds = L.featureGroup(this.layers).getBounds();
    if (this.first && bounds.isValid()) this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: 17 });
    this.first = false;
  }

  bind(properties, layer, few) {
    if (properties.name) {
      layer.bindTooltip(text(properties.name), {
        permanent: true, direction: "right", offset: [(RADIUS[properties.kind] ?? 4) + 3, 0], className: "wd-map-name",
      });
    } else if (properties.label) {
      layer.bindTooltip(text(properties.label), { sticky: true });
    }
    if (!properties.url && !properties.href) {
      layer.options.interactive = Boolean(properties.label);
      return;
    }
    const act = () => this.open(properties);
    layer.on("click", act);
    if (few) layer.on("add", () => reachable(layer, properties, act));
  }

  open({ url, href }) {
    if (href) {
      window.location.assign(href);
      return;
    }
    const panel = document.getElementById(this.element.dataset.panel);
    if (!panel) return;
    htmx.ajax("GET", url, { target: panel, swap: "innerHTML" }).then(() => {
      if (window.innerWidth < 1100) panel.scrollIntoView({ block: "nearest" });
    });
  }

  restyle() {
    this.layers.forEach((layer) => layer.setStyle((feature) => styleOf(feature.properties)));
  }
}

// Leaflet writes tooltips as HTML: names of people's places are text, never markup.
function text(value) {
  const made = document.createElement("span");
  made.textContent = value;
  return made;
}

const drawn = new Map();

async function draw(element) {
  const map = new VectorMap(element);
  drawn.set(element, map);
  try {
    await map.load(element.dataset.source);
  } catch (error) {
    const note = element.parentElement.querySelector("[data-map-note]");
    if (note) note.textContent = word("mapFailed");
    console.error(error);
  }
}

/** Draw every map inside `part` that is not drawn yet. */
export function drawMaps(part) {
  const all = part.matches?.("[data-map]") ? [part] : part.querySelectorAll("[data-map]");
  for (const element of all) if (!drawn.has(element)) draw(element);
}

document.addEventListener("wd:theme", () => drawn.forEach((map) => map.restyle()));

// A page whose switch was operated asks for the new state: HX-Trigger: wd:map-refresh, or dispatch it with a new source.
document.addEventListener("wd:map-refresh", (event) => {
  drawn.forEach((map, element) => {
    if (event.detail?.source) element.dataset.source = event.detail.source;
    map.load(element.dataset.source);
  });
});
