// The JSON that a page carries for its charts and maps. htmx takes every <script> out of a part that it swaps in, also
// those that nobody runs; what such a part brought along is kept here.
const kept = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = new DOMParser().parseFromString(event.detail.serverResponse ?? "", "text/html");
  for (const block of answer.querySelectorAll('script[type="application/json"][id]')) kept.set(block.id, block.textContent);
});

/** The value of the block called `id`. */
export function readData(id) {
  return JSON.parse(kept.get(id) ?? document.getElementById(id).textContent);
}
