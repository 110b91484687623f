// SPDX-License-Identifier: Apache-2.0
// node run.mjs DOCUMENT OUT: generates the client's types, lets tsc check the client, its test and the page, and runs the test
// that tsc put into OUT.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [openapi, out] = process.argv.slice(2).map((path) => resolve(path));
if (!out) throw new Error("usage: node run.mjs DOCUMENT OUT");
const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const tool = (name) => join(web, "node_modules", ".bin", name);

const run = (...argv) => {
  const done = spawnSync(process.execPath, argv, { cwd: web, stdio: "inherit" });
  if (done.status !== 0) process.exit(1);
};

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "package.json"), '{"type":"module"}\n');
if (!existsSync(join(out, "node_modules"))) symlinkSync(join(web, "node_modules"), join(out, "node_modules"));
run(tool("openapi-typescript"), openapi, "-o", "src/api/schema.d.ts");
run(tool("tsc"), "-p", ".", "--outDir", out);
run(tool("tsc"), "-p", "page");
run(join(out, "test/client.js"));
