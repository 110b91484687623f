// SPDX-License-Identifier: Apache-2.0
// What needs attention in view, what got better, what people say.
import { test } from "node:test";
import { assert, byId, mapReady } from "./world.mjs";

export default (world) => {
  test("streets of most concern and most improved in view, their comments, and a vote", async () => {
    const person = await world().person();
    const page = await world().open("/#/community", { person });
    await mapReady(page);
    await page.locator(byId("comments")).waitFor();
    const ids = (list) => page.locator(`${byId(list)} ${byId("street-row")}`).evaluateAll((rows) => rows.map((row) => row.getAttribute("data-segment")));
    const known = new Set((await world().segments()).map((s) => s.segment_id));
    for (const list of ["concern", "improved"]) for (const id of await ids(list)) assert.ok(known.has(id), id);
    const figures = (list, pattern) => page.locator(`${byId(list)} ${byId("street-row")} b`).evaluateAll((all, p) => all.map((b) => Number(new RegExp(p).exec(b.textContent)[1])), pattern);
    const scores = await figures("concern", "^[★☆]{5} (\\d\\.\\d)$");
    const gains = await figures("improved", "^↗ \\+(\\d\\.\\d)$");
    assert.ok(scores.length > 0 && gains.length > 0);
    assert.ok(scores.every((score, i) => score <= 3 && (i === 0 || scores[i - 1] <= score)), `the worst first: ${scores}`);
    assert.ok(gains.every((gain, i) => gain >= 0.3 && (i === 0 || gains[i - 1] >= gain)), `the best first: ${gains}`);
    await world().picture(page, "community");
    const first = page.locator(`${byId("improved")} ${byId("street-row")}`).first();
    await first.locator(byId("vote-safer")).click();
    await first.locator(byId("reason-safer")).waitFor();
    const { votes } = await world().read("/api/v1/me/export", person.token);
    assert.deepEqual(votes.map((v) => v.action), ["safer"]);
    await first.locator("a").click();
    await page.locator(byId("segment-card")).waitFor();
    await world().close(page);
  });

  test("another part of the map is looked at on demand; where there is nothing, it says so", async () => {
    const page = await world().open("/#/community");
    await mapReady(page);
    await page.locator(byId("concern")).waitFor();
    await page.evaluate(() => window.diary.map.jumpTo({ center: [-70, 30], zoom: 15 }));
    await page.locator(byId("look-here")).click();
    await page.getByText("Move the map to look elsewhere").first().waitFor();
    await world().close(page);
  });
};
