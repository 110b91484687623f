// SPDX-License-Identifier: Apache-2.0
// The map: colours, widths and opacities by the formula, hovering, search, legend, shades.
import { test } from "node:test";
import { assert, assertEased, byId, drawn, mapReady, placeOf, text, watchEasing } from "./world.mjs";

const ramp = [[220, 38, 38], [249, 115, 22], [251, 191, 36], [132, 204, 22], [34, 197, 94]];

function colourOf(score) {
  const at = Math.min(3, Math.floor(score - 1));
  return ramp[at].map((c, i) => c + (ramp[at + 1][i] - c) * (score - 1 - at));
}
const near = (actual, expected, slack, what) => assert.ok(Math.abs(actual - expected) <= slack, `${what}: ${actual}, expected ${expected}`);

export default (world) => {
  test("streets have the colour, width and opacity of their score", async () => {
    const page = await world().open("/");
    await mapReady(page);
    const all = await page.evaluate(() =>
      window.diary.map.queryRenderedFeatures({ layers: ["segments"] }).map(({ properties, layer }) => {
        const { r, g, b, a } = layer.paint["line-color"];
        return { ...properties, colour: [r, g, b].map((c) => (c / a) * 255), width: layer.paint["line-width"], opacity: layer.paint["line-opacity"] };
      }),
    );
    assert.ok(all.length > 60, `${all.length} streets`);
    assert.ok(all.some((s) => s.decayed_mean < 2.8) && all.some((s) => s.decayed_mean > 4), "of all kinds");
    for (const s of all) {
      colourOf(s.decayed_mean).forEach((c, i) => near(s.colour[i], c, 1, `colour of ${s.segment_id}`));
      near(s.width, 3 + Math.min(5, 0.5 * s.n_eff), 0.01, `width of ${s.segment_id}`);
      near(s.opacity, 0.4 + 0.6 * Math.min(1, s.n_eff / 10), 0.01, `opacity of ${s.segment_id}`);
    }
    await world().picture(page, "map");
    await world().close(page);
  });

  test("pointing at a street makes it 2 px wider and stronger within 150 ms", async () => {
    const page = await world().open("/", { motion: "no-preference" });
    await mapReady(page);
    const street = (await world().segments()).find((s) => s.n_eff > 2 && s.n_eff < 6 && s.length_m > 60);
    const at = await placeOf(page, street);
    const before = await drawn(page, street.segment_id);
    const easing = await watchEasing(page, street.segment_id, "hover");
    await page.mouse.move(at.x, at.y);
    assertEased(await easing(), 150);
    await page.waitForFunction(() => document.querySelector(".maplibregl-canvas").style.cursor === "pointer");
    const after = await drawn(page, street.segment_id);
    near(after.width, before.width + 2, 0.01, "width");
    near(after.opacity, Math.min(1, before.opacity + 0.2), 0.01, "opacity");
    await world().close(page);
  });

  test("a street is found by a slip of its name, with the keys alone", async () => {
    const page = await world().open("/");
    await mapReady(page);
    await page.locator(byId("search")).focus();
    await page.keyboard.type("lombrd st");
    await page.locator(byId("search-result")).first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.locator(byId("card-header")).waitFor();
    assert.match(await text(page, "card-header"), /^Lombard St · \d+m$/);
    assert.match(page.url(), /#\/map\?segment=phl_lombard-st/);
    await page.locator(byId("search")).fill("no such street at all");
    await page.locator(".search-none").waitFor();
    assert.match(await page.locator(".search-none").textContent(), /shorter name/, "a next step");
    await world().close(page);
  });

  test("the keys alone move the map and open the street in its middle", async () => {
    const page = await world().open("/");
    await mapReady(page);
    const street = (await world().segments()).find((s) => s.length_m > 80 && s.street === "Pine St");
    await placeOf(page, street);
    await page.locator(".maplibregl-canvas").focus();
    await page.keyboard.press("Enter");
    await page.locator(byId("card-header")).waitFor();
    assert.equal(await page.locator(byId("segment-card")).getAttribute("data-segment"), street.segment_id);
    await world().close(page);
  });

  test("the legend says in numbers and words what the colours are; another palette is one click away", async () => {
    const page = await world().open("/");
    await mapReady(page);
    const colours = () => Promise.all([1, 2, 3, 4, 5].map((n) => page.locator(byId(`legend-${n}`)).evaluate((e) => getComputedStyle(e).backgroundColor)));
    assert.deepEqual(await colours(), ramp.map((c) => `rgb(${c.join(", ")})`));
    assert.match(await text(page, "legend"), /1Unsafe.*5Safe/);
    const street = (await world().segments()).find((s) => s.decayed_mean < 2.4 && s.length_m > 60);
    await placeOf(page, street);
    const before = await drawn(page, street.segment_id);
    await page.locator(byId("palette-toggle")).click();
    const now = await colours();
    assert.equal(new Set([...now, ...ramp.map((c) => `rgb(${c.join(", ")})`)]).size, 10, "all others");
    await page.waitForFunction(({ id, was }) => {
      const found = window.diary.map.queryRenderedFeatures({ layers: ["segments"], filter: ["==", ["get", "segment_id"], id] })[0];
      const { r, g, b, a } = found.layer.paint["line-color"];
      return [r, g, b].some((c, i) => Math.abs((c / a) * 255 - was[i]) > 20);
    }, { id: street.segment_id, was: before.colour });
    await world().close(page);
  });

  test("light and dark, in English and in Spanish, from the same page", async () => {
    const page = await world().open("/", { scheme: "dark" });
    await mapReady(page);
    const ground = () => page.evaluate(() => window.diary.map.getPaintProperty("ground", "background-color"));
    const dark = await ground();
    await page.locator(byId("open-display")).click();
    await page.locator(byId("theme-light")).check();
    assert.notEqual(await ground(), dark);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme || getComputedStyle(document.documentElement).colorScheme), "light");
    await page.locator(byId("language-es")).check();
    await page.keyboard.press("Escape");
    assert.equal(await page.getAttribute("html", "lang"), "es");
    assert.match(await text(page, "nav-plan"), /Planear/);
    await page.reload();
    await page.waitForSelector("[data-testid^=view-]");
    assert.match(await text(page, "nav-plan"), /Planear/, "and stays so");
    await world().close(page);
  });

  test("one's own position", async () => {
    const page = await world().open("/", { fixed: { geolocation: { longitude: -75.16, latitude: 39.95 }, permissions: ["geolocation"] } });
    await mapReady(page);
    await page.locator(byId("locate")).click();
    await page.waitForFunction(() => {
      const { lng, lat } = window.diary.map.getCenter();
      return Math.abs(lng + 75.16) < 1e-4 && Math.abs(lat - 39.95) < 1e-4;
    });
    await world().close(page);
    const denied = await world().open("/");
    await mapReady(denied);
    await denied.locator(byId("locate")).click();
    await denied.getByText("Your position is not available").waitFor();
    await world().close(denied);
  });
};
