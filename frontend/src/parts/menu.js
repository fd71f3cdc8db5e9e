// Which groups of the menu a person keeps open. A cookie, because the page comes from the server with them open: a menu that
// unfolds after the first paint would jump. Read by console/menu.py.
const YEAR = 31536000;

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".wd-menu summary")?.closest(".wd-menu");
  if (!menu) return;
  // The browser folds after the click has been told.
  setTimeout(() => {
    const open = [...menu.querySelectorAll("details[open]")].map((group) => group.dataset.group);
    document.cookie = `wd_menu=${open.join(",")}; path=/; max-age=${YEAR}; samesite=lax`;
  });
});
