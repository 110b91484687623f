// SPDX-License-Identifier: Apache-2.0
// The generated client against a server: DIARY_URL, with a street DIARY_SEGMENT in it. Ends with 1 when it fails.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { createApi, type Problem } from "../src/api/client.js";

const url = process.env["DIARY_URL"];
const segment_id = process.env["DIARY_SEGMENT"];
assert(url !== undefined && segment_id !== undefined, "DIARY_URL and DIARY_SEGMENT are not set");

let token: string | undefined;
const api = createApi(url, () => token);
const person = { email: `${randomUUID()}@example.org`, password: "correct horse" };

// Register
const registered = await api.POST("/api/v1/auth/register", { body: person });
assert(registered.data, JSON.stringify(registered.error));
assert.equal(registered.response.status, 201);
assert.equal(registered.data.user.email, person.email);

// Without the token nothing is taken, and the error has its type.
const anonymous = await api.POST("/api/v1/diary/ratings", { body: { segment_id, rating: 5 } });
assert.equal(anonymous.response.status, 401);
const problem: Problem | undefined = anonymous.error;
assert.equal(problem?.error, "unauthorized");

// Rate
token = registered.data.access_token;
const before = await api.GET("/api/v1/diary/segments/{segment_id}", { params: { path: { segment_id } } });
assert(before.data && "decayed_mean" in before.data);
const rating = { rating_id: randomUUID(), segment_id, rating: 5, tags: ["well lit"] };
const rated = await api.POST("/api/v1/diary/ratings", { body: rating });
assert(rated.data, JSON.stringify(rated.error));
assert.equal(rated.response.status, 201);
assert.equal(rated.data.status, "accepted");

// Read back
const after = await api.GET("/api/v1/diary/segments/{segment_id}", { params: { path: { segment_id } } });
assert(after.data && "decayed_mean" in after.data);
assert(after.data.decayed_mean > before.data.decayed_mean, "the rating counts at once");
assert.deepEqual(after.data.top_tags, ["well lit"]);

const [lng = NaN, lat = NaN] = after.data.geometry.coordinates[0] ?? [];
const page = await api.GET("/api/v1/diary/segments", {
  params: { query: { bbox: [lng - 0.01, lat - 0.01, lng + 0.01, lat + 0.01], limit: 10 } },
});
assert(page.data && "segments" in page.data);
assert(page.data.segments.some((segment) => segment.segment_id === segment_id));

// What the types refuse. Each line is an error of tsc when it is none.
// @ts-expect-error: there is no such path
void (() => api.GET("/api/v1/diary/nothing"));
// @ts-expect-error: a rating is a number
void (() => api.POST("/api/v1/diary/ratings", { body: { segment_id, rating: "5" } }));
// @ts-expect-error: what is required must be there
void (() => api.POST("/api/v1/diary/ratings", { body: { segment_id } }));

console.log("registered, rated, read back");
