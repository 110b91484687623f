// SPDX-License-Identifier: Apache-2.0
// The rating dialog: its rules, its keys, and what arrives.
import { test } from "node:test";
import { assert, byId, drawn, mapReady, placeOf, text } from "./world.mjs";

async function openRating(world, person, segment) {
  const page = await world.open(`/#/map?segment=${segment.segment_id}`, { person });
  await page.locator(byId("rate-segment")).click();
  await page.locator(byId("rate-dialog")).waitFor();
  return page;
}

export default (world) => {
  test("stars first; at most 5 tags and 500 characters; the street has its new score at once", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 1 && s.n_eff < 4 && s.length_m > 60);
    const page = await openRating(world(), person, street);
    assert.ok(await page.locator(byId("rate-submit")).isDisabled());
    assert.match(await page.locator(byId("rate-dialog")).textContent(), /Choose stars first/);
    const tags = page.locator(byId("tag"));
    for (let i = 0; i < 5; ++i) await tags.nth(i).click();
    assert.match(await text(page, "tags-hint"), /5 chosen/);
    assert.ok(await tags.nth(5).isDisabled(), "a sixth");
    assert.ok(await page.locator(byId("tag-own")).isDisabled());
    await tags.nth(4).click();
    await page.locator(byId("tag-own")).fill("Street Musicians");
    await page.keyboard.press("Enter");
    assert.match(await text(page, "tags-hint"), /5 chosen/);
    await page.locator(byId("rate-comment")).fill("x".repeat(600));
    assert.equal((await page.locator(byId("rate-comment")).inputValue()).length, 500);
    assert.match(await text(page, "comment-left"), /^500 of 500/);
    await page.locator(byId("rate-comment")).fill("People about until late");
    await world().picture(page, "rate");
    await page.locator(byId("star-5")).check({ force: true });
    await page.locator(byId("rate-submit")).click();
    await page.getByText("Your rating counts from now on").waitFor();
    const { ratings } = await world().read("/api/v1/me/ratings", person.token);
    assert.equal(ratings.length, 1);
    assert.equal(ratings[0].rating, 5);
    assert.equal(ratings[0].comment, "People about until late");
    assert.equal(ratings[0].tags.length, 5);
    assert.ok(ratings[0].tags.includes("street musicians"));
    const now = await world().read(`/api/v1/diary/segments/${street.segment_id}`);
    await page.waitForFunction((score) => document.querySelector("[data-testid=card-stars]").textContent.endsWith(score), (Math.round(now.decayed_mean * 10) / 10).toFixed(1));
    await mapReady(page);
    await placeOf(page, street);
    await page.waitForFunction(({ id, n }) => {
      const found = window.diary.map.queryRenderedFeatures({ layers: ["segments"], filter: ["==", ["get", "segment_id"], id] })[0];
      return found && Math.abs(found.layer.paint["line-width"] - (3 + Math.min(5, n / 2))) < 0.06;
    }, { id: street.segment_id, n: now.n_eff });
    assert.ok((await drawn(page, street.segment_id)).width > 3 + street.n_eff / 2);
    // Once more within the hour: the server's rule, in words.
    page.expected = [/409/];
    await page.locator(byId("rate-segment")).click();
    await page.locator(byId("star-1")).check({ force: true });
    await page.locator(byId("rate-submit")).click();
    await page.getByText("less than an hour ago").waitFor();
    await page.keyboard.press("Escape");
    await world().close(page);
  });

  test("focus goes in, goes round, and comes back; Escape cancels", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 8);
    const page = await openRating(world(), person, street);
    const inside = () => page.evaluate(() => document.activeElement?.closest("[data-testid=rate-dialog]") !== null);
    assert.ok(await inside());
    const seen = new Set();
    for (let i = 0; i < 40; ++i) {
      await page.keyboard.press("Tab");
      assert.ok(await inside(), `after ${i + 1} times Tab`);
      seen.add(await page.evaluate(() => document.activeElement.outerHTML.slice(0, 160)));
    }
    assert.ok(seen.size >= 15, `${seen.size} places`);
    for (let i = 0; i < 20; ++i) await page.keyboard.press("Shift+Tab");
    assert.ok(await inside());
    await page.keyboard.press("Escape");
    await page.locator(byId("rate-dialog")).waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "rate-segment");
    assert.equal((await world().read("/api/v1/me/ratings", person.token)).ratings.length, 0);
    await world().close(page);
  });

  test("who has no account is asked for one when the rating is sent, and nothing of it is lost", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 7 && s.length_m > 90);
    const page = await openRating(world(), null, street);
    await page.locator(byId("star-4")).check({ force: true });
    await page.locator(byId("rate-submit")).click();
    await page.locator(byId("sign-in-dialog")).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("[data-testid=rate-submit]").disabled);
    await page.locator(byId("rate-submit")).click();
    await page.locator(byId("email")).fill(person.email);
    await page.locator(byId("password")).fill(person.password);
    await page.locator(byId("sign-in-submit")).click();
    await page.locator(byId("rate-dialog")).waitFor({ state: "detached" });
    const { ratings } = await world().read("/api/v1/me/ratings", person.token);
    assert.deepEqual(ratings.map((r) => [r.segment_id, r.rating]), [[street.segment_id, 4]]);
    await world().close(page);
  });

  test("with the keys alone, from the card to the stored rating", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 9 && s.length_m > 100);
    const page = await openRating(world(), person, street);
    await page.keyboard.press("ArrowRight"); // from the first star to the second
    await page.keyboard.press("ArrowRight");
    for (let i = 0; i < 30; ++i) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.getAttribute("data-testid") === "rate-submit")) break;
    }
    await page.keyboard.press("Enter");
    await page.locator(byId("rate-dialog")).waitFor({ state: "detached" });
    const { ratings } = await world().read("/api/v1/me/ratings", person.token);
    assert.deepEqual(ratings.map((r) => [r.segment_id, r.rating]), [[street.segment_id, 3]]);
    await world().close(page);
  });
};
