// SPDX-License-Identifier: Apache-2.0
// How well the area in view is known: squares on the map, and the figures beside it.
import { t } from "../i18n";
import { tableOf } from "../charts/panel";
import { api, ask } from "../lib/api";
import { fill, h } from "../lib/dom";
import { empty, failure, skeleton, why } from "../lib/feedback";
import { rounded, squareKm } from "../lib/geo";
import type { Bbox, Schemas } from "../lib/store";
import { onMap, withMap } from "../map/current";
import { coverageRamp } from "../map/scale";

type Cell = Schemas["Coverage"]["cells"][number];
const largestKm2 = 100;
const gridM = 50;
const degreeM = 111_195;
const wellKnown = 0.9;
const pauseMs = 300;

// A little of the ground between squares, so that one can be told from the next.
function squareOf(cell: Cell, sideM: number): object {
  const up = (sideM / degreeM) * 0.48;
  const across = up / Math.cos((cell.center_lat * Math.PI) / 180);
  const { center_lng: x, center_lat: y } = cell;
  const ring = [[x - across, y - up], [x + across, y - up], [x + across, y + up], [x - across, y + up], [x - across, y - up]];
  return { type: "Feature", properties: { confidence: cell.mean_confidence }, geometry: { type: "Polygon", coordinates: [ring] } };
}

export function coverageSection(): { element: HTMLElement; destroy: () => void } {
  let over = false;
  let asked = 0;
  let timer = 0;
  const body = h("div", {}, skeleton(1, "chart"));
  const scale = h(
    "ul",
    { class: "scale coverage-scale", "data-testid": "coverage-legend" },
    coverageRamp.map(([level, colour]) => {
      const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.backgroundColor = colour;
      return h("li", {}, swatch, h("span", {}, `${Math.round(level * 100)}%`));
    }),
  );
  async function load(box: Bbox): Promise<void> {
    const mine = ++asked;
    if (squareKm(box) > largestKm2) {
      withMap((map) => map.coverage({ type: "FeatureCollection", features: [] }));
      return fill(body, empty(t("coverageTooBig")));
    }
    const answer = await ask(api.GET("/api/v1/diary/coverage", { params: { query: { bbox: rounded(box), grid_size: gridM } } }));
    if (over || mine !== asked) return;
    if (!answer.ok) return fill(body, failure(answer.status === 422 ? t("coverageTooBig") : why(answer), () => void load(box)));
    const { cells, grid_size_m } = answer.data;
    withMap((map) => !over && map.coverage({ type: "FeatureCollection", features: cells.map((cell) => squareOf(cell, grid_size_m)) }));
    if (cells.length === 0) return fill(body, empty(t("coverageNone")));
    const levels = coverageRamp.map(([level], i) => {
      const next = coverageRamp[i + 1]?.[0] ?? Infinity;
      return [`${Math.round(level * 100)}%${next === Infinity ? "" : `–${Math.round(next * 100)}%`}`, cells.filter((c) => c.mean_confidence >= level && c.mean_confidence < next).length];
    });
    fill(
      body,
      h("p", { "data-testid": "coverage-summary" }, t("coverageSummary", { n: cells.length, known: cells.filter((c) => c.mean_confidence >= wellKnown).length })),
      scale,
      tableOf({ caption: t("coverageTable"), head: [t("coverageLevel"), t("coverageSquares")], rows: levels }),
    );
  }
  const stop = onMap((map) => {
    void load(map.bounds());
    return map.moved.on((box) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => void load(box), pauseMs);
    });
  });
  return {
    element: h("section", { class: "chart", "aria-labelledby": "coverage-title", "data-testid": "coverage" }, h("h2", { id: "coverage-title" }, t("coverage")), h("p", { class: "hint" }, t("coverageHint")), body),
    destroy: () => {
      over = true;
      clearTimeout(timer);
      stop();
      withMap((map) => map.coverage(null));
    },
  };
}
