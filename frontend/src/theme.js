// Loaded as a blocking script in <head>: the theme is known before the first paint, so nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return window.localStorage.getItem("wd-theme");
    } catch {
      return null;
    }
  };
  const show = (theme) => {
    if (root.dataset.bsTheme === theme) return;
    root.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("wd:theme", { detail: { theme } }));
  };
  const apply = () => {
    const choice = stored();
    show(choice === "light" || choice === "dark" ? choice : dark.matches ? "dark" : "light");
  };
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("wd:theme-choice", apply);
  // Paper is light; charts are drawn anew for it.
  window.addEventListener("beforeprint", () => show("light"));
  window.addEventListener("afterprint", apply);
})();
