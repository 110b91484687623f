// SPDX-License-Identifier: Apache-2.0
// node --test self_test.mjs, with the document in DIARY_OPENAPI: the check finds what it is there to find.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Contract } from "./contract.mjs";

const documentPath = process.env.DIARY_OPENAPI;
const documented = JSON.parse(readFileSync(documentPath, "utf8"));
const limits = { "x-request-id": "a", "x-ratelimit-limit": "5", "x-ratelimit-remaining": "4", "x-ratelimit-reset": "1700000000" };
const id = "0b7e6f0e-4a0c-4c0e-9a55-0e0a8f3f5b11";

const message = (body, headers) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { headers, body: text, body_bytes: Buffer.byteLength(text), kept_bytes: Buffer.byteLength(text) };
};
// An exchange as it should be.
const liveness = () => ({
  method: "GET",
  target: "/healthz",
  request: message("", {}),
  status: 200,
  response: message({ status: "alive" }, { ...limits, etag: '"x"', "content-type": "application/json" }),
});
const vote = (body = { segment_id: "a", action: "agree" }) => ({
  method: "POST",
  target: "/api/v1/diary/votes",
  request: message(body, { "content-type": "application/json", authorization: "Bearer x" }),
  status: 201,
  response: message(
    { vote_id: id, segment_id: "a", action: "agree", implicit_rating: 3, timestamp: "2026-01-31T08:30:00Z", user_id: id, status: "accepted" },
    { ...limits, "content-type": "application/json" }),
});
const failure = (target, status, method = "GET") => ({
  method,
  target,
  request: message("", {}),
  status,
  response: message(
    { type: "urn:diary:problem:x", title: "t", status, detail: "d", instance: target, error: "x", message: "d" },
    { ...limits, "content-type": "application/problem+json" }),
});
const check = (exchange) => new Contract(documented).check(exchange);
const doctored = (make, change) => {
  const exchange = make();
  change(exchange);
  return check(exchange);
};
const refused = (faults, why) => {
  assert.equal(faults.length > 0, true, "taken");
  assert.match(faults.join("\n"), why);
};

test("what is as documented passes", () => {
  for (const exchange of [liveness(), vote(), failure("/nothing", 404), failure("/api/v1/diary/segments/x", 404), failure("/healthz", 400)])
    assert.deepEqual(check(exchange), []);
  const head = { ...liveness(), method: "HEAD" };
  head.response = message("", head.response.headers);
  assert.deepEqual(check(head), []);
  const options = { ...liveness(), method: "OPTIONS", status: 204, response: message("", { ...limits, allow: "GET" }) };
  assert.deepEqual(check(options), []);
  assert.deepEqual(check({ ...failure("/healthz", 405, "PUT"), response: { ...failure("/healthz", 405).response, headers: { ...failure("/healthz", 405).response.headers, allow: "GET" } } }), []);
  const unchanged = { ...liveness(), status: 304, response: message("", { ...limits, etag: '"x"' }) };
  assert.deepEqual(check(unchanged), []);
});

test("routes, methods, statuses and types", () => {
  refused(doctored(liveness, (e) => (e.target = "/secret")), /the path is not documented/);
  refused(doctored(liveness, (e) => (e.method = "PUT")), /the method is not documented/);
  refused(doctored(liveness, (e) => (e.status = 202)), /the status is not documented/);
  refused(check(failure("/healthz", 403)), /the status is not documented/);
  refused(doctored(liveness, (e) => (e.response.headers["content-type"] = "text/html")), /type text\/html is not documented/);
  refused(doctored(liveness, (e) => delete e.response.headers["content-type"]), /type \(none\) is not documented/);
  refused(check({ ...failure("/healthz", 405, "PUT") }), /no Allow/);
  refused(doctored(() => failure("/nothing", 404), (e) => (e.response.headers["content-type"] = "application/json")), /an error of type/);
});

test("bodies", () => {
  refused(doctored(liveness, (e) => (e.response = message({ status: "alive", secret: 1 }, e.response.headers))), /additional properties \(secret\)/);
  refused(doctored(liveness, (e) => (e.response = message({}, e.response.headers))), /required property 'status'/);
  refused(doctored(liveness, (e) => (e.response = message({ status: 1 }, e.response.headers))), /status must be/);
  refused(doctored(liveness, (e) => (e.response = message("{", e.response.headers))), /no JSON/);
  refused(doctored(liveness, (e) => (e.response = message("", e.response.headers))), /no body/);
  refused(doctored(() => failure("/nothing", 404), (e) => (e.response = message({ error: "x" }, e.response.headers))), /the problem/);
  refused(doctored(liveness, (e) => (e.method = "HEAD")), /a HEAD with a body/);
});

test("headers", () => {
  for (const name of Object.keys(limits))
    refused(doctored(liveness, (e) => delete e.response.headers[name]), new RegExp(`header ${name} is missing`, "i"));
  refused(doctored(liveness, (e) => delete e.response.headers.etag), /header ETag is missing/);
  refused(doctored(liveness, (e) => (e.response.headers.etag = "W/x")), /header ETag/);
  refused(doctored(liveness, (e) => (e.response.headers["x-ratelimit-limit"] = "many")), /header X-RateLimit-Limit/);
});

test("what was taken", () => {
  refused(check(vote({ segment_id: "a", action: "shout" })), /taken though the body/);
  refused(check(vote({ segment_id: "a", action: "agree", secret: 1 })), /secret/);
  refused(check(vote({ action: "agree" })), /segment_id/);
  refused(doctored(vote, (e) => delete e.request.headers.authorization), /taken without a token/);
  refused(doctored(vote, (e) => (e.request = message("", e.request.headers))), /taken without a body/);
  refused(doctored(vote, (e) => (e.request.headers["content-type"] = "text/plain")), /taken as text\/plain/);
  const contract = new Contract(documented);
  assert.deepEqual(contract.check({ ...liveness(), target: "/healthz?secret=1" }), []);
  assert.deepEqual([...contract.unknown], ["GET /healthz: secret"], "ignored, and said so");
  const list = (query) => doctored(liveness, (e) => {
    e.target = `/api/v1/diary/segments?${query}`;
    e.response = message({ segments: [], total: 0, limit: 1, offset: 0 }, e.response.headers);
  });
  assert.deepEqual(list("limit=1&bbox=1,2,3,4"), []);
  refused(list("limit=1001"), /taken with limit=1001/);
  refused(list("bbox=1,2,3"), /taken with bbox/);
  refused(list("updated_after=yesterday"), /taken with updated_after/);
});

test("a documented success that was never seen", () => {
  const contract = new Contract(documented);
  assert.ok(contract.unseen().includes("GET /healthz: the documented 200 was never seen"));
  contract.check(liveness());
  assert.ok(!contract.unseen().some((fault) => fault.startsWith("GET /healthz:")));
  assert.ok(contract.unseen().some((fault) => fault.startsWith("POST /api/v1/diary/votes: the documented 201")));
});

test("an example that breaks its schema", () => {
  const changed = structuredClone(documented);
  changed.components.schemas.NewVote.examples = [{ action: "shout" }];
  assert.deepEqual(new Contract(documented).document.wrongExamples(), []);
  refused(new Contract(changed).document.wrongExamples(), /NewVote/);
});

test("the program fails, and says why", () => {
  const folder = mkdtempSync(join(tmpdir(), "contract-"));
  try {
    // A document of one call, so that a single exchange is all that there is to see.
    const small = structuredClone(documented);
    small.paths = { "/healthz": documented.paths["/healthz"] };
    writeFileSync(join(folder, "openapi.json"), JSON.stringify(small));
    const run = (lines, name = "some.jsonl") => {
      if (lines) writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      const program = fileURLToPath(new URL("check.mjs", import.meta.url));
      return spawnSync(process.execPath, [program, join(folder, "openapi.json"), join(folder, name)], { encoding: "utf8" });
    };
    const fine = run([liveness()]);
    assert.equal(fine.status, 0, fine.stderr);
    assert.match(fine.stdout, /GET \/healthz {2}200: 1/);
    for (const [lines, why] of [
      [[liveness(), { ...liveness(), status: 202 }], /the status is not documented/],
      [[failure("/healthz", 400)], /200 was never seen/],
      [[], /holds no exchange/],
      [[liveness(), { full: true }], /is full/],
    ]) {
      const bad = run(lines);
      assert.equal(bad.status, 1);
      assert.match(bad.stderr, why);
    }
    assert.match(run(undefined, "none.jsonl").stderr, /none\.jsonl holds no exchange/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
