// SPDX-License-Identifier: Apache-2.0
// What needs attention around here, what got better, and what people say about it.
import { t } from "../i18n";
import { api, ask } from "../lib/api";
import { fill, h } from "../lib/dom";
import { empty, failure, skeleton, why } from "../lib/feedback";
import { metres, one, signed, stars } from "../lib/format";
import { rounded } from "../lib/geo";
import { store, type Bbox, type Segment } from "../lib/store";
import { onMap } from "../map/current";
import { colourOf } from "../map/scale";
import { ratingItem, voteButtons } from "./card";
import type { MakeView } from "./view";

const leastConfidence = 0.3;
const listed = 5;
const mostPages = 3;
const commentsOf = 3; // streets of each list whose ratings are read
const clearlyBetter = 0.3;
const notFine = 3;

async function segmentsIn(bbox: Bbox, min_confidence: number) {
  const all: Segment[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; ++page) {
    const answer = await ask(api.GET("/api/v1/diary/segments", { params: { query: { bbox, min_confidence, limit: 1000, ...(cursor ? { cursor } : {}) } } }));
    if (!answer.ok) return answer;
    if ("segments" in answer.data) all.push(...answer.data.segments);
    cursor = answer.data.next_cursor;
    if (!cursor) break;
  }
  return { ok: true as const, status: 200, data: all };
}

export const communityView: MakeView = () => {
  let over = false;
  let box: Bbox | null = null;
  const body = h("div", { class: "stack" }, skeleton(6));
  const look = h("button", { type: "button", class: "small", hidden: true, "data-testid": "look-here", on: { click: () => void load() } }, t("searchHere"));

  const row = (segment: Segment, figure: string) => {
    const dot = h("span", { class: "swatch", "aria-hidden": "true" });
    dot.style.backgroundColor = colourOf(segment.decayed_mean, store.get().palette);
    return h(
      "li",
      { class: "street-row", "data-testid": "street-row", "data-segment": segment.segment_id },
      h("a", { class: "street-link", href: `#/map?segment=${encodeURIComponent(segment.segment_id)}` }, dot, h("span", { class: "street-name" }, `${segment.street} · ${metres(segment.length_m)}`), h("b", {}, figure)),
      voteButtons(segment.segment_id),
    );
  };
  const list = (id: string, title: string, segments: Segment[], none: string, figure: (s: Segment) => string) =>
    h(
      "section",
      { "aria-labelledby": id, "data-testid": id },
      h("h2", { id }, title),
      segments.length === 0 ? empty(none) : h("ol", { class: "street-list" }, segments.map((s) => row(s, figure(s)))),
    );

  async function comments(place: HTMLElement, segments: Segment[]): Promise<void> {
    const answers = await Promise.all(
      segments.map(async (s) => ({
        street: s.street,
        answer: await ask(api.GET("/api/v1/diary/segments/{segment_id}/ratings", { params: { path: { segment_id: s.segment_id }, query: { limit: 5 } } })),
      })),
    );
    if (over) return;
    const all = answers.flatMap(({ street, answer }) => (answer.ok ? answer.data.ratings.map((rating) => ({ street, rating })) : []));
    const said = all.filter(({ rating }) => rating.comment).sort((a, b) => b.rating.timestamp.localeCompare(a.rating.timestamp));
    fill(place, said.length === 0 ? empty(t("noCommentsHere")) : h("ul", { class: "ratings", "data-testid": "comments" }, said.slice(0, 8).map(({ street, rating }) => ratingItem(rating, street))));
  }

  async function load(): Promise<void> {
    if (!box) return;
    look.hidden = true;
    fill(body, skeleton(6));
    const answer = await segmentsIn(rounded(box), leastConfidence);
    if (over) return;
    if (!answer.ok) return fill(body, failure(why(answer), () => void load()));
    const concern = answer.data.filter((s) => s.decayed_mean < notFine).sort((a, b) => a.decayed_mean - b.decayed_mean).slice(0, listed);
    const improved = answer.data.filter((s) => s.delta_30d >= clearlyBetter).sort((a, b) => b.delta_30d - a.delta_30d).slice(0, listed);
    const said = h("div", {}, skeleton(3));
    fill(
      body,
      list("concern", t("concern"), concern, t("noConcern"), (s) => `${stars(s.decayed_mean)} ${one(s.decayed_mean)}`),
      list("improved", t("improved"), improved, t("noImproved"), (s) => `↗ ${signed(s.delta_30d)}`),
      h("section", { "aria-labelledby": "comments-title" }, h("h2", { id: "comments-title" }, t("comments")), said),
    );
    const asked = new Map([...concern.slice(0, commentsOf), ...improved.slice(0, commentsOf)].map((s) => [s.segment_id, s]));
    void comments(said, [...asked.values()]);
  }

  const stop = onMap((map) => {
    box = map.bounds();
    void load();
    return map.moved.on((moved) => {
      box = moved;
      look.hidden = false;
    });
  });
  return {
    element: h("div", { class: "stack" }, h("div", { class: "row row-ends" }, h("p", { class: "hint" }, t("communityArea")), look), body),
    sheet: "half",
    destroy: () => {
      over = true;
      stop();
    },
  };
};
