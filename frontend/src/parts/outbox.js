// What was done in the field and could not be sent is kept in the browser (IndexedDB) and sent again: when there is a
// signal, when a page is opened, or by the button. Each carries a key, so that the server takes it once however often it is
// sent; each belongs to the person who did it, and nobody else's login sends it.
const NAME = "wandeng-field";
const STORE = "posts";

function opened() {
  return new Promise((done, failed) => {
    const asked = window.indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function store(mode, act) {
  const base = await opened();
  return new Promise((done, failed) => {
    const change = base.transaction(STORE, mode);
    const asked = act(change.objectStore(STORE));
    change.oncomplete = () => done(asked.result);
    change.onerror = () => failed(change.error);
  }).finally(() => base.close());
}

/** Keep a post; answers its number. */
export const keep = (post) => store("readwrite", (posts) => posts.add(post));
/** Change a kept post. */
export const note = (post) => store("readwrite", (posts) => posts.put(post));
/** Forget a post. */
export const forget = (id) => store("readwrite", (posts) => posts.delete(id));
/** The posts of a person, the oldest first. */
export const kept = async (person) => (await store("readonly", (posts) => posts.getAll())).filter((one) => one.person === person);

/** Send a post: `{sent}` with where to go on, `{refused}` with the reason, or `{waits}`: there is no signal, or no login. */
export async function send(post) {
  const body = new FormData();
  for (const [name, value, file] of post.fields) file ? body.append(name, value, file) : body.append(name, value);
  const token = document.querySelector("meta[name=csrf-token]")?.content || "";
  let answer;
  try {
    answer = await fetch(post.url, { method: "POST", body, headers: { "X-CSRFToken": token, "X-Wandeng-Field": "1" } });
  } catch {
    return { waits: "signal" };
  }
  const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (answer.ok && isOurs) return { sent: await answer.json() };
  if (answer.redirected || answer.status === 401) return { waits: "login" };
  if (isOurs) return { refused: (await answer.json()).error };
  if (answer.status >= 500) return { waits: "fault" };
  const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[role=alert]");
  return { refused: said?.textContent.trim() || String(answer.status) };
}
