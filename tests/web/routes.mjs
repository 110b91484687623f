// SPDX-License-Identifier: Apache-2.0
// Saved routes and the account: saving, the picker's words, visibility, name, deletion, export, leaving.
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, byId, mapReady, text } from "./world.mjs";

const linked = "/#/plan?from=-75.1713,39.9449&to=-75.1523,39.9469&w=0.5";

export default (world) => {
  test("an account is made on the page, a route saved, picked, shared, renamed and deleted", async () => {
    const page = await world().open(linked);
    await page.locator(byId("save-route")).click();
    await page.locator(byId("sign-in-other")).click();
    const email = `ann-${Date.now()}@example.org`;
    await page.locator(byId("email")).fill(email);
    await page.locator(byId("password")).fill("a long enough one");
    await page.locator(byId("sign-in-submit")).click();
    await page.locator(byId("route-name")).fill("My commute");
    await page.locator(byId("route-save")).click();
    await page.locator(byId("picker-route")).waitFor();
    const token = await page.evaluate(() => JSON.parse(localStorage.getItem("session")).token);
    const own = async () => (await world().read("/api/v1/diary/routes", token)).routes.filter((r) => r.is_own);
    const [route] = await own();
    assert.ok(route.alternative, "the alternative is saved with it");
    const km = (metres) => `${(Math.round(metres / 100) / 10).toFixed(1)} km`;
    assert.deepEqual(await page.locator(`${byId("picker-route")} > span`).allTextContents(), [
      "My commute",
      `Primary: ${km(route.length_m)} · ${Math.round(route.duration_min)} min`,
      `Alt: ${km(route.alternative.length_m)} · ${Math.round(route.alternative.duration_min)} min`,
    ]);
    await page.locator(byId("nav-routes")).click();
    await page.locator(byId("route")).waitFor();
    await mapReady(page);
    assert.equal(await text(page, "visibility"), "Private");
    await page.locator(byId("route-visibility")).click();
    await page.waitForFunction(() => document.querySelector("[data-testid=visibility]").textContent === "Public");
    assert.equal((await own())[0].is_public, true);
    await page.locator(byId("route-rename")).click();
    await page.locator(byId("rename-name")).fill("To the river");
    await page.locator(byId("rename-save")).click();
    await page.getByText("To the river").first().waitFor();
    await page.locator(byId("route-show")).click();
    await page.waitForFunction(() => window.diary.map.getSource("primary").serialize().data.coordinates.length > 2);
    await world().picture(page, "routes");
    // A saved route is rated from here, too.
    await page.locator(byId("route-rate")).click();
    await page.locator(byId("rate-dialog")).waitFor();
    const blocks = await page.locator(byId("block")).count();
    assert.ok(blocks >= 4 && blocks <= 6, `${blocks} blocks`);
    await page.keyboard.press("Escape");
    await page.locator(byId("route-delete")).click();
    await page.locator(byId("delete-sure")).click();
    await page.getByText("You have no saved routes yet").waitFor();
    assert.deepEqual(await own(), []);
    await world().close(page);
  });

  test("the export is a file, and the account goes with its password", async () => {
    const person = await world().person();
    const page = await world().open("/#/routes", { person });
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(byId("export")).click()]);
    const held = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.equal(held.account.email, person.email);
    await page.locator(byId("delete-account")).click();
    await page.locator(byId("delete-password")).fill("not the password");
    page.expected = [/403/];
    await page.locator(byId("delete-account-sure")).click();
    await page.getByText("That is not your password").waitFor();
    await page.locator(byId("delete-password")).fill(person.password);
    await page.locator(byId("delete-account-sure")).click();
    await page.getByText("Your account is deleted").waitFor();
    const gone = await world().call("/api/v1/auth/login", { method: "POST", body: { email: person.email, password: person.password } });
    assert.equal(gone.status, 401);
    await page.locator(byId("routes-sign-in")).waitFor();
    await world().close(page);
  });
};
