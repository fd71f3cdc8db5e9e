// The work queue fetches its head and rows by itself (htmx, every 20 s). It waits while somebody chooses rows or has a
// dialog open, and sounds, for those who asked for it, when a case of theirs is newly late or soon late.
//   <div data-queue data-person="code" hx-get…>   holds #queue-head with data-burning="number:late number:soon …"
//   <input type=checkbox data-queue-sound>        remembered per person in this browser
const queue = document.querySelector("[data-queue]");

if (queue) {
  const box = queue.querySelector("[data-queue-sound]");
  const name = `wd-queue-sound:${queue.dataset.person}`;
  const burning = () => (document.getElementById("queue-head")?.dataset.burning || "").split(" ").filter(Boolean);
  const heard = new Set(burning());
  let audio;

  // Two short notes, rising for soon and falling for late; the browser lets sound begin only after somebody clicked.
  const sound = (isLate) => {
    audio ??= new AudioContext();
    audio.resume();
    [isLate ? 880 : 660, isLate ? 587 : 784].forEach((frequency, place) => {
      const tone = audio.createOscillator();
      const level = audio.createGain();
      const from = audio.currentTime + place * 0.18;
      tone.frequency.value = frequency;
      level.gain.setValueAtTime(0.0001, from);
      level.gain.exponentialRampToValueAtTime(0.2, from + 0.02);
      level.gain.exponentialRampToValueAtTime(0.0001, from + 0.16);
      tone.connect(level).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.17);
    });
    queue.dataset.sounded = String(Number(queue.dataset.sounded || 0) + 1);
  };

  box.checked = window.localStorage.getItem(name) === "on";
  box.addEventListener("change", () => {
    window.localStorage.setItem(name, box.checked ? "on" : "off");
    if (box.checked) sound(false);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== queue) return;
    if (document.querySelector("#list-rows input[name=keys]:checked, dialog[open]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", () => {
    const fresh = burning().filter((one) => !heard.has(one));
    fresh.forEach((one) => heard.add(one));
    if (fresh.length && box.checked) sound(fresh.some((one) => one.endsWith(":late")));
  });
}
