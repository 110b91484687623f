// SPDX-License-Identifier: Apache-2.0
// Planning: two places, two routes, the weight of safety, and why.
import { test } from "node:test";
import { assert, byId, mapReady, text } from "./world.mjs";

const from = [-75.1713, 39.9449];
const to = [-75.1523, 39.9469];
const linked = `/#/plan?from=${from.join(",")}&to=${to.join(",")}&w=0.5`;

const line = (page, name) => page.evaluate((source) => window.diary.map.getSource(source).serialize().data, name);
const calculate = async (world, body) => (await world.call("/api/v1/routing/calculate", { method: "POST", body: { origin: from, destination: to, include_alternative: true, ...body } })).data;

// Places, of which there are many, that have an alternative whose detour is of that kind.
async function withDetour(world, is) {
  const segments = (await world.segments()).filter((s) => s.length_m > 60);
  for (let i = 0; i < 400; ++i) {
    const origin = segments[(i * 37) % segments.length].geometry.coordinates[0];
    const destination = segments[(i * 101 + 400) % segments.length].geometry.coordinates[0];
    const { status, data } = await world.call("/api/v1/routing/calculate", { method: "POST", body: { origin, destination, safety_weight: 0.5, include_alternative: true } });
    if (status !== 200 || !data.alternative || data.primary.length_m < 300) continue;
    const percent = (data.alternative.length_m / data.primary.length_m - 1) * 100;
    if (is(percent)) return { origin, destination, ...data };
  }
  return assert.fail("no such pair of places");
}

export default (world) => {
  test("two clicks on the map make a route, drawn as agreed", async () => {
    const page = await world().open("/#/plan");
    await mapReady(page);
    const at = (lngLat) =>
      page.evaluate((place) => {
        const { left, top } = document.querySelector("#map").getBoundingClientRect();
        const { x, y } = window.diary.map.project(place);
        return [left + x, top + y];
      }, lngLat);
    await page.evaluate(() => window.diary.map.jumpTo({ center: [-75.162, 39.946], zoom: 13.2 }));
    await page.mouse.click(...(await at(from)));
    await page.getByText("Now click the map where you want to go.").waitFor();
    await page.mouse.click(...(await at(to)));
    await page.locator(byId("primary")).waitFor();
    const paint = (layer, property) => page.evaluate(([l, p]) => window.diary.map.getPaintProperty(l, p), [layer, property]);
    assert.equal(await paint("primary", "line-color"), "#3b82f6");
    assert.equal(await paint("primary", "line-width"), 4);
    assert.equal(await paint("primary", "line-dasharray"), undefined);
    assert.equal(await paint("alternative", "line-color"), "#10b981");
    assert.equal(await paint("alternative", "line-width"), 4);
    assert.deepEqual((await paint("alternative", "line-dasharray")).map((dash) => dash * 4), [8, 4]);
    const order = await page.evaluate(() => window.diary.map.getStyle().layers.map((l) => l.id));
    assert.ok(order.indexOf("alternative") < order.indexOf("primary"), "under it");
    assert.ok((await line(page, "primary")).coordinates.length > 2);
    await world().close(page);
  });

  test("the route, its alternative and their figures are the server's", async () => {
    const page = await world().open(linked);
    await page.locator(byId("primary")).waitFor();
    await mapReady(page);
    const { primary } = await calculate(world(), { safety_weight: 0.5 });
    assert.deepEqual((await line(page, "primary")).coordinates, primary.geometry.coordinates);
    assert.match(await text(page, "primary"), new RegExp(`${(primary.length_m / 1000).toFixed(1)} km · ${Math.round(primary.duration_min)} min`));
    assert.equal(await page.locator(`${byId("steps")} li`).count(), primary.steps.length);
    const why = await page.locator(byId("avoided")).allTextContents();
    assert.equal(why.length, primary.avoided.streets.length);
    primary.avoided.streets.forEach((s, i) => assert.ok(why[i].includes(s.street), `${why[i]} names ${s.street}`));
    await world().picture(page, "plan");
    await world().close(page);
  });

  for (const [level, is] of [["good", (p) => p >= 0.5 && p < 9.5], ["fair", (p) => p > 10.5 && p < 19.5], ["poor", (p) => p > 20.5]]) {
    test(`the benefit of an alternative, with a detour that is ${level}`, async () => {
      const found = await withDetour(world(), is);
      const page = await world().open(`/#/plan?from=${found.origin.join(",")}&to=${found.destination.join(",")}&w=0.5`);
      await page.locator(byId("benefit")).waitFor();
      const { primary, alternative } = found;
      const metres = Math.round(alternative.length_m) - Math.round(primary.length_m);
      const percent = Math.round((alternative.length_m / primary.length_m - 1) * 100);
      const gain = Math.round((alternative.avg_safety - primary.avg_safety) * 10) / 10;
      const lines = await page.locator(`${byId("benefit")} > *`).allTextContents();
      assert.deepEqual(lines, ["Alternative route", `Distance: +${metres}m (+${percent}%)`, `Safety gain: ${gain < 0 ? "" : "+"}${gain.toFixed(1)} points`]);
      const [r, g, b] = (await page.locator(byId("benefit-distance")).evaluate((e) => getComputedStyle(e).color)).match(/\d+/g).map(Number);
      if (level === "good") assert.ok(g > r && g > b, "green");
      if (level === "fair") assert.ok(r > b && g > b && g > r / 2, "yellow");
      if (level === "poor") assert.ok(r > 2 * g && r > 2 * b, "red");
      await world().close(page);
    });
  }

  test("the slider and the curve choose among all routes, and the map follows", async () => {
    const page = await world().open(linked);
    await page.locator(byId("curve")).waitFor();
    await mapReady(page);
    const { curve } = await calculate(world(), { safety_weight: 0.5, curve: true });
    assert.ok(curve.length > 2, `${curve.length} routes to choose from`);
    const { primary } = await calculate(world(), { safety_weight: 0 });
    assert.deepEqual(primary.geometry, curve[0].geometry, "the shortest is the same for both, though others are as short");
    const drawnNow = () => line(page, "primary");
    const same = async (coordinates) => JSON.stringify((await drawnNow()).coordinates) === JSON.stringify(coordinates);
    const slider = page.locator(byId("weight"));
    await slider.focus();
    await page.keyboard.press("End");
    await page.waitForFunction((n) => window.diary.map.getSource("primary").serialize().data.coordinates.length === n, curve.at(-1).geometry.coordinates.length);
    assert.ok(await same(curve.at(-1).geometry.coordinates), "the safest");
    await page.keyboard.press("Home");
    await page.waitForFunction((n) => window.diary.map.getSource("primary").serialize().data.coordinates.length === n, curve[0].geometry.coordinates.length);
    await page.waitForFunction(() => {
      const dots = [...document.querySelectorAll(".curve-dot")].map((dot) => Number(dot.getAttribute("cx")));
      return Number(document.querySelector("[data-testid=curve-marker]").getAttribute("cx")) === Math.min(...dots);
    });
    // Dragging from the first point to the last.
    const box = await page.locator(byId("curve")).boundingBox();
    const marker = async () => page.locator(byId("curve-marker")).boundingBox();
    const start = await marker();
    await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.move(box.x + box.width - 16, box.y + 14, { steps: 4 });
    assert.ok(await same(curve.at(-1).geometry.coordinates), "the route follows while the pointer is down");
    await page.mouse.up();
    const end = await marker();
    assert.ok(end.x > start.x + 50, `the marker went from ${start.x} to ${end.x}`);
    assert.ok(Number(await slider.inputValue()) > 0.5, `the slider is at ${await slider.inputValue()}`);
    await page.waitForFunction((w) => location.hash.includes("w=") && !location.hash.endsWith(w), "w=0.5");
    await world().close(page);
  });

  test("places are found by name, swapped and cleared; a place too far off is explained", async () => {
    const page = await world().open("/#/plan");
    page.expected = [/422/];
    for (const [end, name] of [["origin", "Pine St"], ["destination", "Race St"]]) {
      await page.locator(byId(`${end}-search`)).fill(name);
      await page.locator(byId("search-result")).first().waitFor();
      await page.keyboard.press("Enter");
    }
    await page.locator(byId("primary")).waitFor();
    await page.locator(byId("swap")).click();
    await page.waitForFunction(() => document.querySelector("[data-testid=origin-search]").value === "Race St");
    await page.locator(byId("plan-clear")).click();
    await page.getByText("Click the map where you start").waitFor();
    await page.goto(`${world().url}/#/plan?from=-75.1713,39.9449&to=-60,10`);
    await page.getByText("That is too far").waitFor();
    await world().close(page);
  });
};
