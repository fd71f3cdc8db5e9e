// Light, dark, or as the computer has it; kept in this browser. theme.js applies it before the first paint.
function mark() {
  const choice = window.localStorage.getItem("wd-theme") || "auto";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    const chosen = button.dataset.themeChoice === choice;
    button.setAttribute("aria-pressed", String(chosen));
    button.classList.toggle("active", chosen);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  window.localStorage.setItem("wd-theme", button.dataset.themeChoice);
  document.dispatchEvent(new CustomEvent("wd:theme-choice"));
  mark();
});

mark();
