// The only build step of the pages: one esbuild call, fixed names, nothing fetched at run time.
import { rmSync } from "node:fs";
import { build } from "esbuild";

const outdir = "../src/wandeng/interfaces/doorway/static/dist";

rmSync(outdir, { recursive: true, force: true });
await build({
  // Charts and maps are chunks that app.js loads when a page holds one; theme.js runs before the first paint.
  entryPoints: ["src/app.js", "src/app.css", "src/theme.js"],
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: "chrome90",
  charset: "utf8",
  loader: { ".png": "dataurl", ".svg": "dataurl" },
  legalComments: "linked",
  outdir,
});
