// SPDX-License-Identifier: Apache-2.0
// node measure.mjs DIARY: what a first visit costs a phone. Throttled as Chromium's tools do it: a processor four times
// slower than this one, 1.6 Mbit/s down, 0.75 Mbit/s up, 150 ms there and back. Five visits, medians.
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { World, byId } from "./world.mjs";

const visits = 5;
const world = await World.make(resolve(process.argv[2] ?? ""), tmpdir());
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function visit() {
  const context = await world.browser.newContext({ viewport: { width: 375, height: 812 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: (1.6e6 / 8), uploadThroughput: (0.75e6 / 8) });
  await client.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  let assets = 0;
  let data = 0;
  const urls = new Map();
  client.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (/\/(tiles|api)\//.test(urls.get(requestId) ?? "")) data += encodedDataLength;
    else assets += encodedDataLength;
  });
  await page.addInitScript(() => {
    window.tasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((e) => window.tasks.push([e.startTime, e.duration]))).observe({ type: "longtask", buffered: true });
    const look = () => {
      if (!window.searchAt && document.querySelector("[data-testid=search]")) window.searchAt = performance.now();
      if (!window.mapAt && window.diary?.map?.loaded() && window.diary.map.areTilesLoaded()) window.mapAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(world.url);
  await page.locator(byId("search")).waitFor();
  await page.waitForFunction(() => window.mapAt, null, { timeout: 60_000 });
  const seen = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    search: window.searchAt,
    map: window.mapAt,
    // The page answers a touch within 50 ms but for these.
    busy: window.tasks.reduce((sum, [, duration]) => sum + Math.max(0, duration - 50), 0),
    longest: Math.max(0, ...window.tasks.map(([, duration]) => duration)),
  }));
  await context.close();
  return { ...seen, assets, data };
}

try {
  const all = [];
  for (let i = 0; i < visits; ++i) all.push(await visit());
  for (const name of Object.keys(all[0])) console.log(`${name}: ${Math.round(median(all.map((v) => v[name])))}  (${all.map((v) => Math.round(v[name])).join(", ")})`);
} finally {
  await world.end();
}
