// SPDX-License-Identifier: Apache-2.0
// node build.mjs OUT: makes in OUT what the program carries in itself.
//   page/                the page for residents: index.html, sw.js, manifest, icons
//   docs/index.html      the page of the API
//   assets/NAME-HASH.EXT what they need, named by content so that it may be cached for good
//   *.gz                 the same compressed, beside each text
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build, transformWithEsbuild } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) throw new Error("usage: node build.mjs OUT");
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 12);

// Text with "{{name}}" replaced by the address of that asset; another name is an error.
const fill = (text, assets) =>
  text.replace(/\{\{([^}]+)\}\}/g, (_, name) => {
    if (!assets.has(name)) throw new Error(`there is no asset ${name}`);
    return assets.get(name);
  });

const write = (name, bytes) => {
  const path = join(out, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if (extname(name) !== ".png") writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
};

const addAsset = (assets, path) => {
  const bytes = readFileSync(path);
  const extension = extname(path);
  const name = path.slice(dirname(path).length + 1);
  const hashed = `${name.slice(0, -extension.length)}-${hashOf(bytes)}${extension}`;
  write(`assets/${hashed}`, bytes);
  assets.set(name, `/assets/${hashed}`);
};

// The page, and the service worker that knows the names of all its files.
async function addPage() {
  const made = mkdtempSync(join(tmpdir(), "diary-page-"));
  try {
    await build({ configFile: join(here, "vite.config.mjs"), logLevel: "warn", build: { outDir: made, emptyOutDir: true } });
    const files = readdirSync(made, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(made.length + 1))
      .sort();
    for (const name of files) write(name.startsWith("assets/") ? name : `page/${name}`, readFileSync(join(made, name)));
    // What is loaded at the first visit anyway, and views that weigh next to nothing. Charts come when they are asked for.
    const later = /^index\.html$|\.png$|^assets\/library-/;
    const shell = ["/", ...files.filter((name) => !later.test(name)).map((name) => `/${name}`)];
    const source = readFileSync(join(here, "page/offline/sw.ts"), "utf8");
    const version = hashOf(source + files.map((name) => hashOf(readFileSync(join(made, name)))).join());
    const worker = await transformWithEsbuild(source, "sw.ts", {
      minify: true,
      format: "iife",
      target: "es2022",
      define: { __SHELL__: JSON.stringify(shell), __VERSION__: JSON.stringify(version) },
    });
    write("page/sw.js", worker.code);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

rmSync(out, { recursive: true, force: true });
const assets = new Map();
for (const name of ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"]) addAsset(assets, join(swagger, name));
for (const name of ["docs.js", "docs.css"]) addAsset(assets, join(here, "docs", name));
write("docs/index.html", fill(readFileSync(join(here, "docs/index.html"), "utf8"), assets));
await addPage();
