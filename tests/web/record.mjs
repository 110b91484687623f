// SPDX-License-Identifier: Apache-2.0
// Recording: the simulator along a planned route, pause and finish, the streets found again, and their rating.
import { test } from "node:test";
import { assert, byId, mapReady, text } from "./world.mjs";

const linked = "/#/plan?from=-75.1660,39.9540&to=-75.1560,39.9505&w=0.5"; // not where others look on

export default (world) => {
  test("a walk is recorded, matched to streets, and rated block by block", async () => {
    const person = await world().person();
    const page = await world().open(linked, { person });
    await mapReady(page);
    await page.locator(byId("walk-it")).click();
    await page.locator(byId("play")).waitFor();
    const able = async () => Object.fromEntries(await Promise.all(["play", "pause", "finish"].map(async (id) => [id, await page.locator(byId(id)).isEnabled()])));
    assert.equal(await text(page, "recording-state"), "Ready");
    assert.equal(await text(page, "progress"), "0%");
    assert.deepEqual(await able(), { play: true, pause: false, finish: false });
    assert.equal(await page.locator(byId("source")).inputValue(), "simulator");
    await page.locator(byId("speed")).selectOption("100");
    await page.locator(byId("play")).click();
    assert.equal(await text(page, "recording-state"), "Recording");
    assert.deepEqual(await able(), { play: false, pause: true, finish: true });
    await page.waitForFunction(() => parseInt(document.querySelector("[data-testid=progress]").textContent) >= 15);
    const circle = await page.evaluate(() => window.diary.map.queryRenderedFeatures({ layers: ["position"] })[0]?.layer.paint);
    assert.equal(circle["circle-radius"], 6);
    assert.deepEqual([circle["circle-color"].r, circle["circle-color"].g, circle["circle-color"].b].map((c) => Math.round(c * 255)), [34, 211, 238]);
    assert.deepEqual([circle["circle-stroke-color"].r, circle["circle-stroke-color"].g, circle["circle-stroke-color"].b], [1, 1, 1]);
    await page.locator(byId("pause")).click();
    assert.equal(await text(page, "recording-state"), "Paused");
    assert.deepEqual(await able(), { play: true, pause: false, finish: true });
    await world().picture(page, "record");
    const paused = parseInt(await text(page, "progress"), 10);
    await page.locator(byId("play")).click();
    await page.waitForFunction((was) => parseInt(document.querySelector("[data-testid=progress]").textContent) >= was + 45, paused);
    await page.locator(byId("finish")).click();
    await page.locator(byId("rate-dialog")).waitFor();
    assert.equal(await page.locator(`${byId("rate-dialog")} h2`).textContent(), "Rate your route");
    const blocks = await page.locator(`${byId("block")} label`).allTextContents();
    assert.ok(blocks.length >= 4 && blocks.length <= 6, `${blocks.length} blocks`);
    const streets = new Set((await world().segments()).map((s) => s.street));
    for (const block of blocks) assert.ok(streets.has(block.replace(/^\d+\. /, "").replace(/ \((start|end)\)$/, "")), block);
    await page.locator(byId("star-4")).check({ force: true });
    await page.locator(byId("block-rating")).nth(1).selectOption("2");
    await world().picture(page, "rate-route");
    await page.locator(byId("rate-submit")).click();
    await page.locator(byId("rate-dialog")).waitFor({ state: "detached" });
    const { ratings } = await world().read("/api/v1/me/ratings?limit=100", person.token);
    assert.ok(ratings.length >= 4, `${ratings.length} segments`);
    assert.deepEqual([...new Set(ratings.map((r) => r.rating))].sort(), [2, 4]);
    assert.ok(ratings.every((r) => r.source === "recording"));
    const { routes } = await world().read("/api/v1/diary/routes", person.token);
    const own = routes.filter((r) => r.is_own);
    assert.equal(own.length, 1);
    assert.equal(own[0].is_public, false, "the walk is nobody else's business");
    await world().close(page);
  });

  test("the device's position, without a route", async () => {
    const street = (await world().segments()).find((s) => s.street === "Pine St" && s.length_m > 100);
    const [[x0, y0], [x1, y1]] = [street.geometry.coordinates[0], street.geometry.coordinates.at(-1)];
    const place = (part) => ({ longitude: x0 + (x1 - x0) * part, latitude: y0 + (y1 - y0) * part, accuracy: 5 });
    const page = await world().open("/#/record", { fixed: { geolocation: place(0), permissions: ["geolocation"] }, person: await world().person() });
    await page.locator(byId("play")).click();
    await page.waitForFunction(() => window.diary?.map?.getSource("position").serialize().data.geometry);
    for (let i = 1; i <= 10; ++i) {
      await page.context().setGeolocation(place(i / 10));
      await page.waitForFunction((least) => parseInt(document.querySelector("[data-testid=progress]").textContent) >= least, Math.floor((street.length_m * i) / 10 - 6));
    }
    await page.locator(byId("finish")).click();
    await page.locator(byId("rate-dialog")).waitFor();
    assert.match(await text(page, "block"), /Pine St/);
    await page.keyboard.press("Escape");
    await page.locator(byId("record-rate")).waitFor();
    await world().close(page);
  });

  test("the simulator without a route says what to do", async () => {
    const page = await world().open("/#/record");
    await page.locator(byId("source")).selectOption("simulator");
    await page.getByText("The simulator needs a route").first().waitFor();
    await page.getByRole("link", { name: "Plan a route" }).click();
    await page.locator(byId("view-plan")).waitFor();
    await world().close(page);
  });
};
