// SPDX-License-Identifier: Apache-2.0
// The streets of a saved route, which itself has only ids.
import { api, ask } from "./api";
import type { Part } from "./blocks";
import { boxOf, rounded, widened } from "./geo";
import type { Position, SavedRoute } from "./store";

const mostPages = 5;

export async function partsOf(route: Pick<SavedRoute, "segment_ids" | "geometry">): Promise<Part[]> {
  const wanted = new Set(route.segment_ids);
  const known = new Map<string, Part>();
  const bbox = rounded(widened(boxOf(route.geometry.coordinates as Position[]), 0.02).map((v, i) => v + (i < 2 ? -1e-5 : 1e-5)) as never);
  let cursor: string | undefined;
  for (let page = 0; page < mostPages && known.size < wanted.size; ++page) {
    const answer = await ask(api.GET("/api/v1/diary/segments", { params: { query: { bbox, limit: 1000, ...(cursor ? { cursor } : {}) } } }));
    if (!answer.ok || !("segments" in answer.data)) break;
    for (const { segment_id, street, length_m } of answer.data.segments) if (wanted.has(segment_id)) known.set(segment_id, { segment_id, street, length_m });
    cursor = answer.data.next_cursor;
    if (!cursor) break;
  }
  return route.segment_ids.map((segment_id) => known.get(segment_id) ?? { segment_id, street: "?", length_m: 1 });
}
