// SPDX-License-Identifier: Apache-2.0
// Each view in light and dark, wide and narrow: axe-core finds nothing serious, nothing is cut off, and a picture is kept.
import { test } from "node:test";
import { assert, axeSource, byId, mapReady } from "./world.mjs";

const ready = {
  map: "legend",
  plan: "benefit",
  record: "play",
  routes: "route",
  community: "comments",
  insights: "coverage-summary",
};
const plan = "/#/plan?from=-75.1713,39.9449&to=-75.1523,39.9469&w=0.5";

async function serious(page) {
  await page.evaluate(axeSource);
  const { violations, passes, incomplete } = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  // What lies under something else (a sheet's edge, a dialog's foot) it cannot tell, and says so.
  assert.ok([...passes, ...incomplete].some((rule) => rule.id === "color-contrast" && rule.nodes.length > 1), "axe looked");
  return violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 120)} ${n.failureSummary ?? ""}`).join(" | ")}`);
}

export default (world) => {
  for (const [width, height] of [[1280, 800], [375, 812]]) {
    test(`each view in light and dark, ${width} px wide`, async () => {
      const person = await world().person();
      const found = (await world().call("/api/v1/routing/calculate", { method: "POST", body: { origin: [-75.1713, 39.9449], destination: [-75.1523, 39.9469], include_alternative: true } })).data;
      await world().call("/api/v1/diary/routes", { method: "POST", token: person.token, body: { route_name: "My commute", segment_ids: found.primary.segment_ids, alt_segment_ids: found.alternative?.segment_ids ?? null } });
      const card = (await world().segments()).find((s) => s.delta_30d <= -0.6 && s.confidence >= 0.7);
      const page = await world().open("/", { person, width, height });
      await mapReady(page);
      const wrong = {};
      const look = async (name, selector) => {
        await page.locator(selector).first().waitFor();
        await mapReady(page);
        for (const scheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme: scheme });
          await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
          const faults = await serious(page);
          if (faults.length > 0) wrong[`${name}, ${scheme}`] = faults;
          await world().picture(page, `${name}-${scheme}`);
        }
        const wide = await page.evaluate(() => [...document.querySelectorAll(".panel-scroll, .dialog, .nav")].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className));
        if (wide.length > 0) wrong[`${name}: too wide`] = wide;
      };
      for (const [view, id] of Object.entries(ready)) {
        await page.goto(`${world().url}${view === "plan" ? plan : `/#/${view}`}`);
        await look(view, byId(id));
      }
      await page.goto(`${world().url}/#/map?segment=${card.segment_id}`);
      await look("card", byId("card-stars"));
      await page.locator(byId("rate-segment")).click();
      await look("rate", byId("rate-dialog"));
      await page.keyboard.press("Escape");
      await page.locator(byId("open-display")).click();
      await look("display", byId("display-dialog"));
      await page.keyboard.press("Escape");
      await page.evaluate(() => window.diary.store.set({ session: null }));
      await page.locator(byId("open-account")).click();
      await look("sign-in", byId("sign-in-dialog"));
      assert.deepEqual(wrong, {});
      await world().close(page);
    });
  }
};
