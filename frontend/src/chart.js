// Charts: ECharts with the parts in use, colours from the tokens, drawn as SVG so that they print sharply.
// <div data-chart="id of a json_script" data-format="yuan|kwh|percent|number">; figures arrive as stored: fen, 0.01 kWh.
import { BarChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { readData } from "./parts/data.js";
import { word } from "./parts/words.js";

use([
  BarChart, LineChart, PieChart, ScatterChart, DatasetComponent, DataZoomComponent, GridComponent,
  LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, SVGRenderer,
]);

const grouped = (value, decimals) =>
  Number(value).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

const FORMATS = {
  yuan: { full: (value) => `${value < 0 ? "−" : ""}¥${grouped(Math.abs(value) / 100, 2)}`, axis: (value) => short(value / 100) },
  kwh: { full: (value) => `${grouped(value / 100, 2)} kWh`, axis: (value) => short(value / 100) },
  percent: { full: (value) => `${grouped(value, 1)}%`, axis: (value) => `${value}%` },
  number: { full: (value) => Number(value).toLocaleString("en-US"), axis: short },
};

// Chinese readers count in ten thousands, English readers in thousands.
function short(value) {
  const chinese = document.documentElement.lang.startsWith("zh");
  const size = Math.abs(value);
  const steps = chinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "bn"], [1e6, "m"], [1e3, "k"]];
  for (const [unit, name] of steps) {
    if (size >= unit) return `${Number((value / unit).toFixed(1)).toLocaleString("en-US")}${name}`;
  }
  return Number(value).toLocaleString("en-US");
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--wd-${name}`).trim();

function theme() {
  const axis = {
    axisLine: { lineStyle: { color: token("line") } },
    axisTick: { show: false },
    axisLabel: { color: token("muted"), hideOverlap: true },
    nameTextStyle: { color: token("muted") },
    splitLine: { lineStyle: { color: token("line-soft") } },
  };
  return {
    color: [1, 2, 3, 4, 5, 6].map((n) => token(`chart-${n}`)),
    backgroundColor: "transparent",
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: token("text") },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    logAxis: axis,
    legend: { textStyle: { color: token("text") }, pageTextStyle: { color: token("muted") }, inactiveColor: token("edge") },
    tooltip: {
      backgroundColor: token("raised"),
      borderColor: token("line"),
      textStyle: { color: token("text"), fontSize: 12 },
      axisPointer: { lineStyle: { color: token("edge") }, crossStyle: { color: token("edge") } },
    },
    line: { symbolSize: 4, lineStyle: { width: 2 }, smooth: false },
    bar: { barMaxWidth: 26 },
    pie: { label: { color: token("text") }, itemStyle: { borderColor: token("surface"), borderWidth: 1 } },
  };
}

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function complete(option, format) {
  const { full, axis } = FORMATS[format] ?? FORMATS.number;
  const named = list(option.series).filter((one) => one.name);
  const pie = list(option.series).some((one) => one.type === "pie");
  // A second value axis may have a unit of its own: {"format": "kwh"} on the axis and on its series.
  const withAxis = (one) => ({
    ...one,
    axisLabel: { formatter: one.type === "category" ? undefined : (FORMATS[one.format]?.axis ?? axis), ...one.axisLabel },
  });
  const category = list(option.xAxis).some((one) => one.type === "category");
  const result = {
    animationDuration: 250,
    tooltip: { trigger: pie ? "item" : "axis", confine: true, valueFormatter: (value) => (value == null ? "–" : full(value)) },
    ...option,
    series: list(option.series).map((one) =>
      FORMATS[one.format] ? { tooltip: { valueFormatter: FORMATS[one.format].full }, ...one } : one,
    ),
  };
  if (!pie) {
    result.grid = { left: 8, right: 12, top: (named.length > 1 ? 34 : 12) + (list(option.yAxis).some((one) => one.name) ? 20 : 0), bottom: 4, containLabel: true, ...option.grid };
    if (option.xAxis) result.xAxis = category ? option.xAxis : list(option.xAxis).map(withAxis);
    if (option.yAxis) result.yAxis = category || !list(option.yAxis).some((one) => one.type === "category")
      ? list(option.yAxis).map(withAxis)
      : option.yAxis;
  }
  if (named.length > 1 && !option.legend) result.legend = { top: 0, left: 0, itemWidth: 14, itemHeight: 8 };
  return result;
}

// The same figures as a table, for whoever cannot or will not read the picture.
function twin(option, format, place) {
  const { full } = FORMATS[format] ?? FORMATS.number;
  const categories = [...list(option.xAxis), ...list(option.yAxis)].find((one) => one.type === "category")?.data;
  const series = list(option.series);
  const pie = series.find((one) => one.type === "pie");
  const cell = (tag, text, number) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (number) made.className = "wd-number";
    if (tag === "th") made.scope = number === undefined ? "row" : "col";
    return made;
  };
  const head = document.createElement("tr");
  const body = [];
  const value = (item) => (item !== null && typeof item === "object" && !Array.isArray(item) ? item.value : item);
  const show = (one, item) => (item == null ? "–" : (FORMATS[one.format]?.full ?? full)(item));
  if (pie) {
    head.append(cell("th", "", false), cell("th", pie.name ?? "", true));
    for (const part of pie.data) {
      const row = document.createElement("tr");
      row.append(cell("th", part.name), cell("td", show(pie, part.value), true));
      body.push(row);
    }
  } else {
    head.append(cell("th", "", false), ...series.map((one) => cell("th", one.name ?? "", true)));
    const names = categories ?? (series[0]?.data ?? []).map((item) => String(list(value(item))[0]));
    names.forEach((name, at) => {
      const row = document.createElement("tr");
      const figures = series.map((one) => {
        const item = value(one.data?.[at]);
        return cell("td", show(one, Array.isArray(item) ? item[1] : item), true);
      });
      row.append(cell("th", String(value(name))), ...figures);
      body.push(row);
    });
  }
  const table = document.createElement("table");
  table.className = "wd-table";
  const thead = table.createTHead();
  thead.append(head);
  table.createTBody().append(...body);
  place.replaceChildren(table);
}

const drawn = new Map();

function draw(element) {
  const option = readData(element.dataset.chart);
  const { format } = element.dataset;
  // Only the first drawing moves: a change of theme, or paper, wants the finished picture at once.
  const animation = !drawn.has(element);
  drawn.get(element)?.dispose();
  const chart = init(element, theme(), { renderer: "svg" });
  chart.setOption({ animation, ...complete(option, format) });
  drawn.set(element, chart);
  const place = element.closest(".wd-chart")?.querySelector("[data-twin]");
  if (place) twin(option, format, place);
}

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.resize();
});

/** Draw every chart inside `part` that is not drawn yet. */
export function drawCharts(part) {
  const all = part.matches?.("[data-chart]") ? [part] : part.querySelectorAll("[data-chart]");
  for (const element of all) {
    if (drawn.has(element)) continue;
    try {
      draw(element);
      watch.observe(element);
    } catch (error) {
      element.textContent = word("chartFailed");
      console.error(error);
    }
  }
}

document.addEventListener("wd:theme", () => {
  for (const element of drawn.keys()) {
    if (element.isConnected) draw(element);
    else drawn.delete(element);
  }
});
