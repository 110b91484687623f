// SPDX-License-Identifier: Apache-2.0
// What a first visit costs, and where it comes from.
import { test } from "node:test";
import { assert, byId, mapReady } from "./world.mjs";

const allowedBytes = 400_000;

export default (world) => {
  test("a first visit takes less than 400 KB and asks no other host", async () => {
    for (const viewport of [{ width: 1280, height: 800 }, { width: 375, height: 812 }]) {
      const context = await world().browser.newContext({ viewport, serviceWorkers: "block" });
      const page = await context.newPage();
      const finished = [];
      page.on("requestfinished", (request) => finished.push(request)); // the map's workers' too
      await page.goto(world().url);
      await mapReady(page);
      await page.locator(byId("search")).waitFor();
      const sizes = await Promise.all(
        finished
          .filter((request) => !request.url().includes("/live/") && !request.url().startsWith("blob:"))
          .map(async (request) => ({ url: request.url(), bytes: (await request.sizes()).responseBodySize })),
      );
      for (const { url } of sizes) assert.ok(url.startsWith(world().url), url);
      const sum = (wanted) => sizes.filter(({ url }) => wanted(url)).reduce((all, { bytes }) => all + bytes, 0);
      const tiles = sum((url) => /\/tiles\/.*mvt$/.test(url));
      const all = sum(() => true);
      console.log(`first visit, ${viewport.width} px: ${all} bytes, of which tiles ${tiles}`);
      assert.ok(tiles > 5000, "the tiles were counted");
      assert.ok(all < allowedBytes, `${all} bytes`);
      await context.close();
    }
  });

  test("nothing inline may run, and the page needs none of it", async () => {
    const page = await world().open("/");
    await mapReady(page);
    const policy = (await page.request.get(`${world().url}/`)).headers()["content-security-policy"];
    assert.doesNotMatch(policy, /unsafe/);
    page.expected = [/Content Security Policy/];
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return window.ran === true;
    });
    assert.equal(ran, false);
    await world().close(page);
  });
};
