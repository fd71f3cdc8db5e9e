// The pages of the field: steps are sent by script, so that one that meets no signal is kept and sent later.
//   <form data-field-form data-label data-case>   one step; the next one of the page appears when it is sent or kept
//   <div data-outbox>                             how much waits, why, and a button that sends it now
//   <button data-locate>                          fills in the position of the telephone
import { forget, keep, kept, note, send } from "./outbox.js";

const LONGEST = 1600;
const outbox = document.querySelector("[data-outbox]");
const underWay = new WeakSet();

if (outbox) {
  const { person } = outbox.dataset;
  const offset = Date.parse(document.body.dataset.now || "") - Date.now() || 0;
  let isSending = false;

  const line = (post) => {
    const item = document.createElement("li");
    const why = { signal: outbox.dataset.kept, login: outbox.dataset.login, fault: outbox.dataset.fault }[post.waits] ?? "";
    item.textContent = [post.label, post.refused || why].filter(Boolean).join(" — ");
    if (post.refused) {
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn-sm btn-outline-danger";
      drop.textContent = outbox.dataset.drop;
      drop.addEventListener("click", () => forget(post.id).then(show));
      item.append(" ", drop);
    }
    return item;
  };

  /** Show what waits; steps of this page that wait are not asked for again. */
  async function show() {
    const posts = await kept(person);
    outbox.hidden = posts.length === 0;
    outbox.querySelector("[data-outbox-count]").textContent = outbox.dataset.waiting.replace("{n}", posts.length);
    outbox.querySelector("[data-outbox-list]").replaceChildren(...posts.map(line));
    const steps = [...document.querySelectorAll("[data-step]")];
    const waits = (step) =>
      posts.some((post) => !post.refused && post.step === step.dataset.step && post.case === step.querySelector("form").dataset.case);
    const next = steps.find((step) => !waits(step));
    for (const step of steps) step.hidden = step !== next;
  }

  /** Send what waits, in order; what meets no signal stops the others, which come after it. */
  async function flush() {
    if (isSending) return;
    isSending = true;
    let last;
    try {
      for (const post of await kept(person)) {
        if (post.refused && !post.again) continue;
        const answer = await send(post);
        if (answer.sent) {
          last = answer.sent;
          await forget(post.id);
          continue;
        }
        await note({ ...post, again: false, refused: answer.refused, waits: answer.waits });
        if (answer.waits) break;
      }
    } finally {
      isSending = false;
      await show();
    }
    const still = await kept(person);
    if (last && still.length === 0) window.location.assign(last.next);
  }

  // A photo of a telephone is far larger than what proves a step; a smaller one gets through a weak signal.
  async function smaller(file) {
    if (!file.type.startsWith("image/") || file.size < 300000) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return made ? new File([made], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  }

  async function posted(form) {
    const fields = [];
    for (const [name, value] of new FormData(form)) {
      if (!(value instanceof File)) fields.push([name, value]);
      else if (value.size) {
        const file = await smaller(value);
        fields.push([name, file, file.name]);
      }
    }
    const done = fields.find(([name]) => name === "happened_at");
    if (done && !done[1]) done[1] = new Date(Date.now() + offset).toISOString();
    const step = form.closest("[data-step]").dataset.step;
    return { url: window.location.pathname, fields, person, step, case: form.dataset.case, label: form.dataset.label };
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-field-form]");
    if (!form) return;
    event.preventDefault();
    if (underWay.has(form)) return;
    underWay.add(form);
    const fault = form.querySelector("[data-field-fault]");
    fault.hidden = true;
    try {
      const post = await posted(form);
      // Kept before it is sent: a browser that is closed on the way loses nothing.
      post.id = await keep(post);
      const others = (await kept(person)).length - 1;
      const answer = others > 0 ? { waits: "signal" } : await send(post);
      if (answer.sent) {
        await forget(post.id);
        window.location.assign(answer.sent.next);
      } else if (answer.refused) {
        await forget(post.id);
        fault.textContent = answer.refused;
        fault.hidden = false;
        fault.scrollIntoView({ block: "center" });
      } else {
        await note({ ...post, waits: answer.waits });
        await show();
        document.getElementById("wd-live").textContent = outbox.dataset.kept;
        outbox.scrollIntoView({ block: "start" });
        if (others > 0) await flush();
      }
    } finally {
      underWay.delete(form);
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });

  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-outbox-send]")) return;
    for (const post of await kept(person)) await note({ ...post, again: true });
    await flush();
  });
  window.addEventListener("online", flush);
  show().then(() => navigator.onLine && flush());
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button) return;
  const form = button.closest("form");
  const said = form.querySelector("[data-locate-said]");
  const failed = () => {
    said.textContent = button.dataset.failed;
    form.querySelector("[name=proof-longitude]").focus();
  };
  if (!navigator.geolocation) {
    failed();
    return;
  }
  said.textContent = button.dataset.busy;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.querySelector("[name=proof-longitude]").value = coords.longitude.toFixed(6);
      form.querySelector("[name=proof-latitude]").value = coords.latitude.toFixed(6);
      said.textContent = `± ${Math.round(coords.accuracy)} m`;
    },
    failed,
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});
