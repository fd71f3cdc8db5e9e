// Deadlines go on counting while the page is open, by the server's clock: <time data-due="ISO" data-warn="minutes">.
import { word } from "./words.js";

const EVERY = 20000;
const MINUTE = 60000;

const offset = (() => {
  const server = Date.parse(document.body.dataset.now || "");
  return Number.isNaN(server) ? 0 : server - Date.now();
})();

function span(minutes) {
  if (minutes < 60) return word("minutes", { n: minutes });
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    const hours = word("hours", { n: Math.floor(minutes / 60) });
    return rest ? `${hours} ${word("minutes", { n: rest })}` : hours;
  }
  return word("days", { n: Math.floor(minutes / 1440) });
}

function tick() {
  const now = Date.now() + offset;
  for (const clock of document.querySelectorAll("[data-due]")) {
    const left = Date.parse(clock.dataset.due) - now;
    const late = left < 0;
    const warn = !late && left <= Number(clock.dataset.warn || 60) * MINUTE;
    const minutes = Math.floor(Math.abs(left) / MINUTE);
    clock.textContent = word(late ? "overdue" : "remaining", { span: span(minutes) });
    clock.classList.toggle("wd-late", late);
    clock.classList.toggle("wd-warn", warn);
    clock.classList.toggle("wd-neutral", !late && !warn);
  }
}

if (document.querySelector("[data-due]")) tick();
window.setInterval(tick, EVERY);
