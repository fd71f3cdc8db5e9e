// The few sentences that scripts say, translated by the server and handed over as JSON.
let words;

/** The sentence called `name`, with `{slots}` filled in. */
export function word(name, slots = {}) {
  words ??= JSON.parse(document.getElementById("wd-words")?.textContent || "{}");
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, slot) => slots[slot] ?? "");
}
