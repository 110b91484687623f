// SPDX-License-Identifier: Apache-2.0
// The card of a segment: its words and figures as agreed, its buttons, its keys.
import { test } from "node:test";
import { assert, byId, mapReady, placeOf, text } from "./world.mjs";

const one = (value) => (Math.round(value * 10) / 10).toFixed(1);
const stars = (score) => "★".repeat(Math.round(score)) + "☆".repeat(5 - Math.round(score));
const colour = (page, id, property = "color") => page.locator(byId(id)).evaluate((e, p) => getComputedStyle(e)[p], property);

async function shows(page, world, segment) {
  const s = await world().read(`/api/v1/diary/segments/${segment.segment_id}`);
  await page.goto(`${world().url}/#/map?segment=${encodeURIComponent(segment.segment_id)}`);
  await page.locator(`[data-segment="${segment.segment_id}"] ${byId("card-header")}`).waitFor();
  assert.equal(await text(page, "card-header"), `${s.street} · ${Math.round(s.length_m)}m`);
  assert.equal(await text(page, "card-stars"), `${stars(s.decayed_mean)} ${one(s.decayed_mean)}`);
  assert.equal(await text(page, "card-confidence"), `Confidence: ${Math.round(s.confidence * 10)}/10`);
  const part = await page.locator(byId("confidence-fill")).evaluate((e) => e.getBoundingClientRect().width / e.parentElement.getBoundingClientRect().width);
  assert.ok(Math.abs(part - Math.round(s.confidence * 10) / 10) < 0.01, `a bar of ${part}`);
  assert.equal(await colour(page, "confidence-fill", "backgroundColor"), s.confidence >= 0.7 ? "rgb(59, 130, 246)" : "rgb(156, 163, 175)");
  const tags = await page.locator(`${byId("card-tags")} li`).allTextContents();
  assert.deepEqual(tags, s.top_tags.slice(0, 3));
  const deltas = await page.locator(byId("card-delta")).count();
  assert.equal(deltas, Math.abs(s.delta_30d) >= 0.5 ? 1 : 0);
  if (deltas === 0) return;
  const safer = s.delta_30d > 0;
  assert.equal(await text(page, "card-delta"), safer ? `↗ Getting safer (+${one(s.delta_30d)})` : `↘ Getting riskier (${one(s.delta_30d)})`);
  assert.equal(await colour(page, "card-delta"), safer ? "rgb(34, 197, 94)" : "rgb(220, 38, 38)");
}

export default (world) => {
  test("the card says what the server says, in the words agreed", async () => {
    const all = await world().segments();
    const kinds = {
      safer: (s) => s.delta_30d >= 0.6 && s.confidence >= 0.75 && s.top_tags.length > 3,
      riskier: (s) => s.delta_30d <= -0.6 && s.confidence >= 0.75,
      steady: (s) => Math.abs(s.delta_30d) < 0.4 && s.confidence > 0.2 && s.confidence < 0.6,
      unknown: (s) => s.n_eff === 0 && s.confidence === 0,
    };
    const page = await world().open("/", { motion: "reduce" });
    for (const [kind, is] of Object.entries(kinds)) {
      const segment = all.find(is);
      assert.ok(segment, `a street that is ${kind}`);
      await shows(page, world, segment);
      await world().picture(page, `card-${kind}`);
    }
    await world().close(page);
  });

  test("a click on a street opens its card, Escape closes it", async () => {
    const page = await world().open("/");
    await mapReady(page);
    const street = (await world().segments()).find((s) => s.length_m > 80 && s.n_eff > 3);
    const at = await placeOf(page, street);
    await page.mouse.click(at.x, at.y);
    await page.locator(byId("card-header")).waitFor();
    assert.equal(await page.locator(byId("segment-card")).getAttribute("data-segment"), street.segment_id);
    await page.keyboard.press("Escape");
    await page.locator(byId("segment-card")).waitFor({ state: "detached" });
    await world().close(page);
  });

  test("Tab reaches both votes, Enter and Space press them; once used they say why not again", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 4 && s.decayed_mean < 4);
    const page = await world().open(`/#/map?segment=${street.segment_id}`, { person });
    await page.locator(byId("vote-agree")).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    await page.locator(byId("segment-card")).focus();
    for (let i = 0; i < 4 && (await focused()) !== "vote-agree"; ++i) await page.keyboard.press("Tab");
    assert.equal(await focused(), "vote-agree");
    assert.equal(await text(page, "vote-agree"), "Agree 👍");
    assert.equal(await text(page, "vote-safer"), "Feels safer ✨");
    await page.keyboard.press("Enter");
    await page.locator(byId("reason-agree")).waitFor();
    assert.ok(await page.locator(byId("vote-agree")).isDisabled());
    assert.equal(await page.locator(byId("vote-agree")).getAttribute("aria-describedby"), await page.locator(byId("reason-agree")).getAttribute("id"));
    assert.equal(await focused(), "vote-safer", "focus goes on to what can still be pressed");
    await page.keyboard.press("Space");
    await page.locator(byId("reason-safer")).waitFor();
    const { votes } = await world().read("/api/v1/me/export", person.token);
    assert.deepEqual(votes.map((v) => [v.segment_id, v.action]).sort(), [[street.segment_id, "agree"], [street.segment_id, "safer"]]);
    await page.reload();
    await page.locator(byId("reason-agree")).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(byId("segment-card")).waitFor({ state: "detached" });
    await world().close(page);

    // Another session does not know; the server does, and the page believes it.
    const again = await world().open(`/#/map?segment=${street.segment_id}`, { person });
    again.expected = [/409/];
    await again.locator(byId("vote-agree")).click();
    await again.locator(byId("reason-agree")).waitFor();
    await world().close(again);
  });

  test("a vote without an account leads to signing in, and then counts", async () => {
    const person = await world().person();
    const street = (await world().segments()).find((s) => s.n_eff > 5 && s.decayed_mean < 3.5);
    const page = await world().open(`/#/map?segment=${street.segment_id}`);
    await page.locator(byId("vote-safer")).click();
    await page.locator(byId("email")).fill(person.email);
    await page.locator(byId("password")).fill("not the password");
    page.expected = [/401/];
    await page.locator(byId("sign-in-submit")).click();
    await page.getByText("E-mail and password do not match.").waitFor();
    await page.locator(byId("password")).fill(person.password);
    await page.locator(byId("sign-in-submit")).click();
    await page.locator(byId("reason-safer")).waitFor();
    await world().close(page);
  });
};
