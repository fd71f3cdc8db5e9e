// <button data-print>: the page as paper.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
