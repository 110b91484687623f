// SPDX-License-Identifier: Apache-2.0
// node run.mjs DIARY OUT: the page in a real browser against the built program with its demo city. Pictures of each view
// go to OUT. The journeys share one server and one browser; each has a profile and people of its own.
import { existsSync } from "node:fs";
import { after, before, describe } from "node:test";
import { resolve } from "node:path";

import { World, browserPath } from "./world.mjs";

const [binary, out] = process.argv.slice(2).map((path) => resolve(path));
if (!out) throw new Error("usage: node run.mjs DIARY OUT");
if (!existsSync(browserPath)) {
  console.log(`no ${browserPath}: tools/install.sh test installs it, DIARY_CHROMIUM names another`);
  process.exit(77); // skipped, to ctest
}
const only = process.env.DIARY_JOURNEYS?.split(",");
const names = ["first_visit", "map", "card", "plan", "rate", "record", "routes", "community", "insights", "live", "offline", "looks"];

let world;
describe("the page", { timeout: 500_000, concurrency: 2 }, async () => {
  before(async () => (world = await World.make(binary, out)));
  after(async () => world?.end());
  for (const name of names.filter((n) => !only || only.includes(n))) (await import(`./${name}.mjs`)).default(() => world);
});
