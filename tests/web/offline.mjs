// SPDX-License-Identifier: Apache-2.0
// Without a connection: the shell and the last area stay, and a rating arrives exactly once afterwards.
import { test } from "node:test";
import { assert, byId, mapReady, text } from "./world.mjs";

export default (world) => {
  test("a rating given offline is kept through a reload and arrives exactly once", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 6 && s.length_m > 80);
    const page = await world().open(`/#/map?segment=${street.segment_id}`, { person, workers: "allow" });
    page.expected = [/ERR_INTERNET_DISCONNECTED/, /503/, /EventSource/];
    await mapReady(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ?? new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done))));
    await page.reload(); // seen once with the worker in charge
    await page.locator(byId("card-header")).waitFor();
    await mapReady(page);
    await page.context().setOffline(true);
    await page.locator(byId("offline")).waitFor();
    await page.locator(byId("rate-segment")).click();
    await page.locator(byId("star-2")).check({ force: true });
    await page.locator(byId("rate-submit")).click();
    await page.getByText("Kept on this device").waitFor();
    assert.match(await text(page, "queued"), /^1 rating waits/);
    // The shell and the last area come from the worker.
    await page.reload();
    await page.locator(byId("card-header")).waitFor();
    await mapReady(page);
    assert.ok((await page.evaluate(() => window.diary.map.queryRenderedFeatures({ layers: ["segments"] }).length)) > 100, "the last area");
    await page.locator(byId("queued")).waitFor();
    await world().picture(page, "offline");
    assert.equal((await world().read("/api/v1/me/ratings", person.token)).ratings.length, 0);

    // A second tab of the same browser comes back at the same moment: still once.
    const posts = [];
    page.context().on("response", (answer) => answer.request().method() === "POST" && answer.url().endsWith("/diary/ratings") && posts.push(answer.request().postDataJSON()));
    const second = await page.context().newPage();
    await second.goto(`${world().url}/`).catch(() => {});
    await page.context().setOffline(false);
    await page.waitForFunction(() => window.diary.store.get().queued === 0);
    await page.locator(byId("queued")).waitFor({ state: "detached" });
    const { ratings } = await world().read("/api/v1/me/ratings", person.token);
    assert.equal(ratings.length, 1);
    assert.equal(ratings[0].rating, 2);
    assert.deepEqual([...new Set(posts.map((p) => p.rating_id))], [ratings[0].rating_id], "under the id that it was given with");
    assert.equal(posts.length, 1, "answered once");
    await world().close(page);
  });
};
