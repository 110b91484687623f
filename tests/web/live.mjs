// SPDX-License-Identifier: Apache-2.0
// Two browsers at once: each sees the other's rating within a second, without a reload.
import { test } from "node:test";
import { assert, assertEased, byId, mapReady, placeOf, watchEasing } from "./world.mjs";

// The first moment (of the page's clock) at which the map draws the street by `n_eff`.
const watch = (page, id, least) =>
  page.evaluate(({ segment_id, wanted }) => {
    const { map } = window.diary;
    const { source, sourceLayer } = map.getLayer("segments");
    window.recoloured = new Promise((done) => {
      const look = () => ((map.getFeatureState({ source, sourceLayer, id: segment_id }).n_eff ?? 0) >= wanted ? done(Date.now()) : requestAnimationFrame(look));
      look();
    });
  }, { segment_id: id, wanted: least });

export default (world) => {
  test("a rating recolours the street in the other browser within a second, both ways", async () => {
    const street = (await world().segments()).find((s) => s.n_eff > 0.5 && s.n_eff < 3 && s.length_m > 70 && s.decayed_mean > 3);
    const [ann, bob] = await Promise.all([0, 1].map(async () => {
      const person = await world().person();
      const page = await world().open("/", { person });
      await mapReady(page);
      await placeOf(page, street);
      await page.waitForFunction(() => document.querySelector("[data-testid=live]")?.textContent === "Live");
      page.loads = 0;
      page.on("load", () => ++page.loads);
      return { person, page };
    }));
    for (const [rater, other] of [[ann, bob], [bob, ann]]) {
      const before = await world().read(`/api/v1/diary/segments/${street.segment_id}`);
      await other.page.goto(`${world().url}/#/map?segment=${street.segment_id}`);
      await other.page.locator(byId("card-stars")).waitFor();
      await watch(other.page, street.segment_id, before.n_eff + 0.9);
      await rater.page.goto(`${world().url}/#/map?segment=${street.segment_id}`);
      await rater.page.locator(byId("rate-segment")).click();
      await rater.page.locator(byId("star-1")).check({ force: true });
      const committed = rater.page.waitForResponse((r) => r.url().endsWith("/diary/ratings") && r.status() === 201);
      await rater.page.locator(byId("rate-submit")).click();
      await committed;
      const at = Date.now();
      const seen = await other.page.evaluate(() => window.recoloured);
      console.log(`recoloured ${seen - at} ms after the answer to the rating`);
      assert.ok(seen - at < 1000, `${seen - at} ms`);
      const now = await world().read(`/api/v1/diary/segments/${street.segment_id}`);
      const score = (Math.round(now.decayed_mean * 10) / 10).toFixed(1);
      await other.page.waitForFunction((s) => document.querySelector("[data-testid=card-stars]").textContent.endsWith(s), score);
      assert.equal(other.page.loads, 0, "without a reload");
    }
    await world().close(ann.page);
    await world().close(bob.page);
  });

  test("a change eases over 300 ms", async () => {
    const street = (await world().segments()).findLast((s) => s.n_eff > 0.5 && s.n_eff < 2 && s.length_m > 90);
    const page = await world().open("/", { motion: "no-preference" });
    await mapReady(page);
    await placeOf(page, street);
    await page.waitForFunction(() => document.querySelector("[data-testid=live]")?.textContent === "Live");
    const easing = await watchEasing(page, street.segment_id, "n_eff");
    const person = await world().person();
    await world().call("/api/v1/diary/ratings", { method: "POST", token: person.token, body: { segment_id: street.segment_id, rating: 5 } });
    assertEased(await easing(), 300);
    await world().close(page);
  });
};
