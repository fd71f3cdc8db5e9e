// The only build step of the pages: one esbuild call, fixed names, nothing fetched at run time.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const served = "../src/wandeng/interfaces/doorway/static/dist";
const made = `${served}.${process.pid}`;

await build({
  // Charts and maps are chunks that app.js loads when a page holds one; theme.js runs before the first paint; power is
  // the page of 何时来电, which loads nothing else, portal the pages of residents.
  entryPoints: ["src/app.js", "src/app.css", "src/theme.js", "src/power.js", "src/power.css", "src/portal.css"],
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: "chrome90",
  charset: "utf8",
  loader: { ".png": "dataurl", ".svg": "dataurl" },
  legalComments: "linked",
  outdir: made,
});

// File by file, chunks before those that name them: a server that is running meets no moment without its scripts.
mkdirSync(served, { recursive: true });
const fresh = readdirSync(made);
const entries = (name) => Number(/^(app|theme|power|portal)\./.test(name));
for (const name of fresh.sort((a, b) => entries(a) - entries(b))) renameSync(join(made, name), join(served, name));
for (const name of readdirSync(served)) if (!fresh.includes(name)) rmSync(join(served, name));
rmSync(made, { recursive: true });
