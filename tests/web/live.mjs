// SPDX-License-Identifier: Apache-2.0
// Two browsers at once: each sees the other's rating within a second, without a reload.
import { test } from "node:test";
import { assert, byId, mapReady, placeOf } from "./world.mjs";

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
    // Each value as it is set, the time of its frame, and of the frame before the first: the change came in between.
    await page.evaluate((id) => {
      const { map } = window.diary;
      const set = map.setFeatureState.bind(map);
      const steps = [];
      let frames = [0, 0]; // the last two
      let before = 0;
      map.setFeatureState = (target, state) => {
        set(target, state);
        if (target.id !== id || state.n_eff === undefined) return;
        const frame = document.timeline.currentTime;
        if (steps.length === 0) before = frames.findLast((time) => time < frame);
        steps.push({ value: state.n_eff, frame, real: performance.now() });
      };
      window.eased = new Promise((done) => {
        const look = (now) => {
          if (steps.length > 0 && now - steps.at(-1).frame > 500) return done({ steps, before });
          frames = [frames[1], now];
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    }, street.segment_id);
    const person = await world().person();
    await world().call("/api/v1/diary/ratings", { method: "POST", token: person.token, body: { segment_id: street.segment_id, rating: 5 } });
    const { steps, before } = await page.evaluate(() => window.eased);
    const said = steps.map(({ frame, value }) => `${(frame - before).toFixed(1)} ms ${value.toFixed(3)}`).join(", ");
    const last = steps.at(-1);
    const under_way = steps.filter(({ value }) => value !== last.value);
    assert.ok(steps.every(({ value }, i) => i === 0 || value >= steps[i - 1].value), `it only grows: ${said}`);
    assert.ok(last.frame - before >= 300, `not at its end before 300 ms: ${said}`);
    // One step alone: a single frame took all of the time, or the line above has failed.
    if (under_way.length > 0) assert.ok(under_way.at(-1).frame - steps[0].real < 300, `under way no longer than 300 ms: ${said}`);
    await world().close(page);
  });
};
