// 何时来电: asks the published files from time to time, shows what they say and how old that is. Nothing else is asked: the files
// are there when the application is not.
const STATUS = "/status/";
const SHORTEST = 20000;
const SPREAD = 40000;
const PATIENCE = 8000;

// The heartbeat comes first: a file that was fetched after it is at least as new.
async function fetched(name) {
  const answer = await fetch(STATUS + name, { cache: "no-cache", signal: AbortSignal.timeout?.(PATIENCE) });
  if (!answer.ok) throw new Error(String(answer.status));
  return { body: await answer.json(), served: Date.parse(answer.headers.get("date") || "") };
}

function say(text, n) {
  return text.replace("{n}", String(n));
}

class Supply {
  constructor(place) {
    this.place = place;
    const age = Number(place.dataset.age);
    // By a clock that nobody can set: telephones are often wrong about the time of day.
    this.madeAt = place.dataset.age === "" ? null : performance.now() - age * 1000;
    this.reached = true;
  }

  async ask() {
    try {
      const heart = await fetched("heartbeat.json");
      const file = await fetched(`${this.place.dataset.feeder}.json`);
      const served = Number.isNaN(heart.served) ? Date.now() : heart.served;
      this.madeAt = performance.now() - Math.max(0, served - Date.parse(heart.body.made_at));
      this.show(file.body);
      this.reached = true;
    } catch {
      this.reached = false;
    }
    this.tell();
  }

  show(file) {
    const found = file.answers[file.areas[this.place.dataset.area]];
    const said = found ? found.said[this.place.dataset.language] : null;
    const nothing = JSON.parse(document.getElementById("nothing-known").textContent);
    const [headline, ...lines] = said || nothing.said;
    const tones = { FAULT: "late", PLANNED: "warn", REPORTED: "info" };
    const title = this.place.querySelector("[data-headline]");
    this.place.className = `answer ${tones[found?.standing] || "ok"}`;
    if (title.textContent !== headline) title.textContent = headline;
    this.place.querySelector("[data-lines]").replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
  }

  tell() {
    const words = this.place.dataset;
    const text = this.place.querySelector("[data-age-text]");
    const seconds = this.madeAt === null ? null : Math.max(0, Math.round((performance.now() - this.madeAt) / 1000));
    const minutes = Math.max(1, Math.round((seconds || 0) / 60));
    const isOld = seconds === null || seconds > Number(words.old);
    if (seconds === null) text.textContent = words.never;
    else if (!this.reached && isOld) text.textContent = say(words.lost, minutes);
    else if (seconds < 10) text.textContent = words.now;
    else text.textContent = seconds < 60 ? say(words.seconds, seconds) : say(words.minutes, minutes);
    text.classList.toggle("old", isOld);
  }
}

// The list of planned outages: a small file tells whether it is another one; only then the page is asked for again.
class Planned extends Supply {
  async ask() {
    try {
      const heart = await fetched("heartbeat.json");
      const index = await fetched("planned.json");
      const served = Number.isNaN(heart.served) ? Date.now() : heart.served;
      if (index.body.version !== this.place.dataset.version) await this.renew(index.body.version);
      this.madeAt = performance.now() - Math.max(0, served - Date.parse(heart.body.made_at));
      this.reached = true;
    } catch {
      this.reached = false;
    }
    this.tell();
  }

  async renew(version) {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout?.(PATIENCE) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-planned]");
    // A kept page may be as old as ours: then the next look brings the new one.
    if (page?.dataset.version !== version) throw new Error("an older page");
    this.place.dataset.version = version;
    this.place.querySelector("[data-days]").replaceChildren(...page.querySelector("[data-days]").childNodes);
  }
}

// A page that knows nothing of its address, because the application is dead, takes feeder and area from it.
const blank = document.getElementById("from-address");
if (blank) {
  const spots = location.pathname.match(/\/at\/([0-9a-f.,]+)/)?.[1].split(",") || [];
  for (const [feeder, area] of spots.map((one) => one.split("."))) {
    const place = blank.content.firstElementChild.cloneNode(true);
    Object.assign(place.dataset, { feeder, area });
    document.querySelector("[data-answers-here]").append(place);
  }
}

const supplies = [
  ...[...document.querySelectorAll("[data-supply]")].map((place) => new Supply(place)),
  ...[...document.querySelectorAll("[data-planned]")].map((place) => new Planned(place)),
];

// A time of its own for every page: those who came at the same moment do not come back at the same moment.
function again() {
  window.setTimeout(async () => {
    if (!document.hidden) for (const one of supplies) await one.ask();
    again();
  }, SHORTEST + Math.random() * SPREAD);
}

if (supplies.length) {
  for (const one of supplies) {
    if (blank) one.ask();
    else one.tell();
  }
  window.setInterval(() => supplies.forEach((one) => one.tell()), 5000);
  again();
}

// The list of places is a file too.
const units = document.querySelector("[data-units]");
const here = document.querySelector("[data-list-here]");

function choice(text, place) {
  const link = document.createElement("a");
  link.className = "choice";
  link.textContent = text;
  link.href = units.dataset.answer.replace("SPOT", `${place.feeder}.${place.area}`);
  return wrapped(link);
}

function wrapped(control) {
  const item = document.createElement("li");
  item.append(control);
  return item;
}

async function open(button) {
  for (const other of units.querySelectorAll("[data-list]")) other.setAttribute("aria-expanded", String(other === button));
  const { body } = await fetched(button.dataset.list);
  const list = document.createElement("ul");
  list.className = "choices";
  for (const place of body.places) {
    for (const area of place.areas) {
      const name = place.areas.length > 1 || !area.name.includes(place.name) ? `${place.name} ${area.name}` : area.name;
      list.append(choice(place.areas.length > 1 ? name : place.name, area));
    }
  }
  const title = Object.assign(document.createElement("h3"), { textContent: body.unit, tabIndex: -1 });
  here.replaceChildren(title, list);
  here.hidden = false;
  title.focus();
}

function offered(button) {
  button.hidden = false;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => open(button).catch(() => button.setAttribute("aria-expanded", "false")));
}

// Planned outages by unit, for the page of last resort: words as the files say them.
const plans = document.querySelector("[data-planned-units]");
const plansHere = document.querySelector("[data-planned-here]");

async function opened(unit) {
  const { body } = await fetched(unit.file);
  const list = Object.assign(document.createElement("ul"), { className: "outages" });
  for (const one of body.outages) {
    const item = Object.assign(document.createElement("li"), { className: "answer" });
    for (const line of one.said["zh-hans"]) item.append(Object.assign(document.createElement("p"), { textContent: line }));
    list.append(item);
  }
  const title = Object.assign(document.createElement("h3"), { textContent: body.unit, tabIndex: -1 });
  plansHere.replaceChildren(title, list);
  plansHere.hidden = false;
  title.focus();
}

async function planned() {
  const { body } = await fetched("planned.json");
  for (const unit of body.units) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "choice", textContent: unit.name });
    button.addEventListener("click", () => opened(unit).catch(() => {}));
    plans.append(wrapped(button));
  }
}

if (plans) planned().catch(() => {});

async function listed() {
  const { body } = await fetched(units.dataset.index);
  for (const unit of body.units) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "choice", textContent: unit.name });
    button.dataset.list = unit.file;
    units.append(wrapped(button));
    offered(button);
  }
}

if (units) {
  for (const button of units.querySelectorAll("[data-list]")) offered(button);
  if (units.dataset.index) listed().catch(() => {});
}
