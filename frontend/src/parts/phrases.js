// Phrases beside a form: a button puts its text where one writes, and ";code" with a space does the same.
let field;

const writes = (element) => element?.matches?.("textarea, input[type=text], input:not([type])");

function insert(target, text, from = target.selectionStart, to = target.selectionEnd) {
  target.setRangeText(text, from, to, "end");
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.focus();
}

document.addEventListener("focusin", (event) => {
  if (writes(event.target)) field = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  if (button && field?.isConnected) insert(field, button.dataset.phrase);
});

document.addEventListener("input", (event) => {
  if (event.data !== " " || !writes(event.target)) return;
  const end = event.target.selectionStart;
  const typed = /[;；]([a-z0-9]{1,16}) $/.exec(event.target.value.slice(0, end));
  const button = typed && document.querySelector(`[data-shortcut="${typed[1]}"]`);
  if (!button) return;
  insert(event.target, button.dataset.phrase, end - typed[0].length, end);
  button.dispatchEvent(new Event("used"));
});
