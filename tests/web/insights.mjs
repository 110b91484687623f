// SPDX-License-Identifier: Apache-2.0
// Charts: the trend and the tags of a route, the coverage of an area; loading, empty and failed.
import { test } from "node:test";
import { assert, byId, mapReady, text } from "./world.mjs";

// A route of that person along the first segments of what /routing/calculate finds.
async function savedRoute(world, person, from, to) {
  const { data } = await world.call("/api/v1/routing/calculate", { method: "POST", body: { origin: from, destination: to } });
  const { status, data: route } = await world.call("/api/v1/diary/routes", { method: "POST", token: person.token, body: { route_name: "Along", segment_ids: data.primary.segment_ids } });
  assert.equal(status, 201, JSON.stringify(route));
  return route;
}
const chart = (page, id) =>
  page.evaluate((name) => {
    const { scales, data } = window.diary.charts.get(name);
    return { y: [scales.y.min, scales.y.max], labels: data.labels, sets: data.datasets.map((d) => ({ data: d.data, borderColor: d.borderColor, fill: d.fill })), horizontal: window.diary.charts.get(name).options.indexAxis };
  }, id);
const monthDay = (date) => new Intl.DateTimeFormat("en-US", { month: "short", day: "2-digit", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));

export default (world) => {
  test("a route's trend and tags are drawn as agreed, and stand in tables", async () => {
    const person = await world().person();
    const route = await savedRoute(world(), person, [-75.1713, 39.9449], [-75.1523, 39.9469]);
    const page = await world().open(`/#/insights?route=${route.route_id}`, { person });
    await page.waitForFunction(() => window.diary?.charts.has("trend") && window.diary.charts.has("tag-chart"));
    const { data_points } = await world().read(`/api/v1/diary/trend?route_id=${route.route_id}`, person.token);
    const trend = await chart(page, "trend");
    assert.deepEqual(trend.y, [1, 5]);
    assert.deepEqual(trend.labels, data_points.map((p) => monthDay(p.date)));
    assert.match(trend.labels[0], /^[A-Z][a-z]{2} \d\d$/);
    const [low, high, mean] = trend.sets;
    assert.equal(mean.borderColor, "#3b82f6");
    assert.equal(high.fill, "-1", "a band down to the lower bound");
    data_points.forEach((p, i) => {
      assert.equal(mean.data[i], p.mean_rating);
      assert.equal(low.data[i], Math.max(1, p.mean_rating - (p.std_error ?? 0)));
      assert.equal(high.data[i], Math.min(5, p.mean_rating + (p.std_error ?? 0)));
    });
    const { tags } = await world().read(`/api/v1/diary/tags?route_id=${route.route_id}`, person.token);
    const bars = await chart(page, "tag-chart");
    assert.equal(bars.horizontal, "y");
    assert.deepEqual(bars.labels, tags.map((tag) => tag.tag));
    assert.deepEqual(bars.sets[0].data, tags.map((tag) => tag.count));
    const cells = await page.locator(`${byId("tag-chart")} ${byId("chart-table")} td`).allTextContents();
    assert.deepEqual(cells, tags.map((tag) => `${tag.count} (${tag.percentage.toFixed(1)}%)`));
    assert.match(cells[0], /^\d+ \(\d+\.\d%\)$/);
    assert.equal(await page.locator(`${byId("trend")} ${byId("chart-table")} tbody tr`).count(), data_points.length);
    await mapReady(page);
    await world().picture(page, "insights-route");
    await world().close(page);
  });

  test("a route that nobody has rated says so", async () => {
    const person = await world().person();
    const unrated = (await world().segments()).filter((s) => s.n_eff === 0 && s.confidence === 0);
    let found;
    for (const s of unrated) {
      const { data } = await world().call("/api/v1/diary/routes", { method: "POST", token: person.token, body: { route_name: "Unknown", segment_ids: [s.segment_id] } });
      const { data_points } = await world().read(`/api/v1/diary/trend?route_id=${data.route_id}`, person.token);
      if (data_points.length === 0) {
        found = data;
        break;
      }
    }
    assert.ok(found, "a street without a sample in 90 days");
    const page = await world().open(`/#/insights?route=${found.route_id}`, { person });
    await page.getByText("No data yet for this route", { exact: true }).waitFor();
    await world().close(page);
  });

  test("a chart that does not come is a skeleton, then an error with Retry, then a chart", async () => {
    const person = await world().person();
    const route = await savedRoute(world(), person, [-75.1652, 39.9526], [-75.1523, 39.9469]);
    const page = await world().open("/#/map", { person });
    let release;
    const held = new Promise((done) => (release = done));
    let cut = true;
    await page.route("**/api/v1/diary/trend**", async (intercepted) => {
      if (!cut) return intercepted.continue();
      await held;
      cut = false;
      await intercepted.abort();
    });
    page.expected = [/ERR_FAILED/];
    await page.goto(`${world().url}/#/insights?route=${route.route_id}`);
    await page.locator(`${byId("trend")} ${byId("skeleton")}`).waitFor();
    release();
    await page.locator(`${byId("trend")} ${byId("error-state")}`).waitFor();
    await page.locator(`${byId("trend")} button`).click();
    await page.locator(byId("trend-canvas")).waitFor();
    await world().close(page);
  });

  test("the coverage of the area in view has the colours agreed", async () => {
    const page = await world().open("/#/insights");
    await mapReady(page);
    await page.locator(byId("coverage-summary")).waitFor();
    await page.evaluate(() => window.diary.map.jumpTo({ center: [-75.162, 39.949], zoom: 15 }));
    await page.waitForFunction(() => window.diary.map.queryRenderedFeatures({ layers: ["coverage"] }).length > 50);
    const squares = await page.evaluate(() =>
      window.diary.map.queryRenderedFeatures({ layers: ["coverage"] }).map(({ properties, layer }) => {
        const { r, g, b, a } = layer.paint["fill-color"];
        return { confidence: properties.confidence, colour: [r, g, b].map((c) => (c / a) * 255) };
      }),
    );
    const ramp = [[0, [254, 226, 226]], [0.3, [253, 230, 138]], [0.6, [191, 219, 254]], [0.9, [134, 239, 172]], [1, [34, 197, 94]]];
    for (const { confidence, colour } of squares) {
      const at = Math.max(0, Math.min(3, ramp.findLastIndex(([level]) => level <= confidence)));
      const [[low, from], [high, to]] = [ramp[at], ramp[at + 1]];
      from.forEach((c, i) => assert.ok(Math.abs(colour[i] - (c + ((to[i] - c) * (confidence - low)) / (high - low))) <= 1, `${confidence}: ${colour}`));
    }
    assert.deepEqual(await page.locator(`${byId("coverage-legend")} .swatch`).evaluateAll((all) => all.map((e) => getComputedStyle(e).backgroundColor)), ramp.map(([, c]) => `rgb(${c.join(", ")})`));
    await page.locator(byId("tag-chart-canvas")).waitFor();
    assert.match(await text(page, "coverage-summary"), /^\d+ squares, \d+ well known$/);
    await world().picture(page, "insights");
    await page.evaluate(() => window.diary.map.jumpTo({ center: [-75.162, 39.949], zoom: 8 }));
    await page.getByText("The area in view is too large").waitFor();
    await world().close(page);
  });
};
