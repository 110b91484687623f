// SPDX-License-Identifier: Apache-2.0
// What the journeys share: the server, the browser, people with accounts, and the API to look behind the page.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { startServer } from "./server.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
export const axeSource = require("node:fs").readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const browserPath = process.env.DIARY_CHROMIUM ?? "/usr/bin/chromium";
const waitMs = 20_000;
const password = "correct horse battery";

export class World {
  static async make(binary, out) {
    mkdirSync(out, { recursive: true });
    const world = new World();
    world.out = out;
    world.server = await startServer(binary);
    world.url = world.server.url;
    // No graphics card is needed: SwiftShader draws.
    world.browser = await chromium.launch({
      executablePath: browserPath,
      args: ["--no-sandbox", "--disable-background-networking", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
    });
    return world;
  }

  async end() {
    await this.browser?.close();
    await this.server?.stop();
  }

  async call(path, { method = "GET", body, token } = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, data: text ? JSON.parse(text) : null };
  }

  async read(path, token) {
    const { status, data } = await this.call(path, { token });
    assert.equal(status, 200, `${path}: ${JSON.stringify(data)}`);
    return data;
  }

  // Somebody with an account, as the API gives it.
  async person() {
    const email = `${randomUUID()}@example.org`;
    const { status, data } = await this.call("/api/v1/auth/register", { method: "POST", body: { email, password } });
    assert.equal(status, 201);
    return { email, password, token: data.access_token, session: { token: data.access_token, user: data.user, expires: Date.now() + 3_600_000 } };
  }

  async segments() {
    this.known ??= (async () => {
      const all = [];
      let cursor;
      do {
        const page = await this.read(`/api/v1/diary/segments?bbox=-180,-85,180,85&limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
        all.push(...page.segments);
        cursor = page.next_cursor;
      } while (cursor);
      return all;
    })();
    return this.known;
  }

  // A page of its own profile. It fails on whatever the browser complains about.
  async open(path = "/", { width = 1024, height = 680, scheme = "light", person = null, workers = "block", motion = "reduce", language = "en-US", fixed = {} } = {}) {
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: motion,
      locale: language,
      serviceWorkers: workers,
      ...fixed,
    });
    context.setDefaultTimeout(waitMs);
    if (person) await context.addInitScript((session) => localStorage.getItem("session") ?? localStorage.setItem("session", JSON.stringify(session)), person.session);
    const page = await context.newPage();
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(error.message));
    page.on("console", (message) => {
      const expected = page.expected ?? [];
      if (message.type() === "error" && !expected.some((pattern) => pattern.test(message.text()))) page.complaints.push(message.text());
    });
    await page.goto(this.url + path);
    await page.waitForSelector("[data-testid^=view-]");
    return page;
  }

  async close(page) {
    assert.deepEqual(page.complaints, [], "the browser complained");
    await page.context().close();
  }

  async picture(page, name) {
    const { width } = page.viewportSize();
    await page.screenshot({ path: join(this.out, `${name}-${width}.png`) });
  }
}

export const byId = (id) => `[data-testid="${id}"]`;
export const mapReady = (page) => page.waitForFunction(() => window.diary?.map?.loaded() && window.diary.map.areTilesLoaded());
export const text = async (page, id) => (await page.locator(byId(id)).first().textContent()).trim();

// Where on the page the middle of a segment is drawn, once the map shows it.
export async function placeOf(page, segment) {
  const line = segment.geometry.coordinates;
  const at = line.length > 2 ? line[Math.floor(line.length / 2)] : [(line[0][0] + line[1][0]) / 2, (line[0][1] + line[1][1]) / 2];
  await page.evaluate(async (center) => {
    const { map } = window.diary;
    map.jumpTo({ center, zoom: 17.5, padding: { top: 0, left: 0, right: 0, bottom: 0 } });
    await new Promise((done) => (map.loaded() && map.areTilesLoaded() ? map.once("render", done) && map.triggerRepaint() : map.once("idle", done)));
  }, at);
  return page.evaluate((lngLat) => {
    const box = document.querySelector("#map").getBoundingClientRect();
    const { x, y } = window.diary.map.project(lngLat);
    return { x: box.left + x, y: box.top + y };
  }, at);
}

// A segment as it is drawn: MapLibre evaluates the paint for the very feature and its state.
export const drawn = (page, id) =>
  page.evaluate((segment_id) => {
    const found = window.diary.map.queryRenderedFeatures({ layers: ["segments"], filter: ["==", ["get", "segment_id"], segment_id] })[0];
    if (!found) return null;
    const colour = found.layer.paint["line-color"];
    return {
      properties: found.properties,
      state: found.state,
      width: found.layer.paint["line-width"],
      opacity: found.layer.paint["line-opacity"],
      colour: [colour.r, colour.g, colour.b].map((c) => Math.round((c / colour.a) * 255)),
    };
  }, id);

export { assert };

// What is eased of a street: each value as it is set, the time of its frame, and of the frame before the first, for what
// began it came in between. Returns what waits for the end: half a second in which nothing more is set.
export async function watchEasing(page, id, member) {
  await page.evaluate(
    ({ id, member }) => {
      const { map } = window.diary;
      const set = map.setFeatureState.bind(map);
      const steps = [];
      let frames = [0, 0]; // the last two
      let before = 0;
      map.setFeatureState = (target, state) => {
        set(target, state);
        if (target.id !== id || state[member] === undefined) return;
        const frame = document.timeline.currentTime;
        if (steps.length === 0) before = frames.findLast((time) => time < frame);
        steps.push({ value: state[member], frame, real: performance.now() });
      };
      window.eased = new Promise((done) => {
        const look = (now) => {
          if (steps.length > 0 && now - steps.at(-1).frame > 500) return done({ steps, before });
          frames = [frames[1], now];
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    { id, member },
  );
  return () => page.evaluate(() => window.eased);
}

// A movement upwards that takes as long as it should, on a machine of any speed: bounded by the frames around it.
export function assertEased({ steps, before }, lasts) {
  const said = steps.map(({ frame, value }) => `${(frame - before).toFixed(1)} ms ${value.toFixed(3)}`).join(", ");
  const last = steps.at(-1);
  const underWay = steps.filter(({ value }) => value !== last.value);
  assert.ok(steps.every(({ value }, i) => i === 0 || value >= steps[i - 1].value), `it only grows: ${said}`);
  assert.ok(last.frame - before >= lasts, `not at its end before ${lasts} ms: ${said}`);
  // One step alone: a single frame took all of the time, or the line above has failed.
  if (underWay.length > 0) assert.ok(underWay.at(-1).frame - steps[0].real < lasts, `under way no longer than ${lasts} ms: ${said}`);
}
