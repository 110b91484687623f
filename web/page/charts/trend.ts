// SPDX-License-Identifier: Apache-2.0
// The rolling mean of a route from day to day, and how sure it is. y is always 1 to 5, so that two routes compare.
import type { Chart } from "chart.js";

import { t } from "../i18n";
import { monthDay } from "../lib/format";
import type { Schemas } from "../lib/store";
import { draw, inks } from "./library";

type Point = Schemas["Trend"]["data_points"][number];
const blue = "#3b82f6";
const within = (value: number) => Math.max(1, Math.min(5, value));

export function trendChart(canvas: HTMLCanvasElement, points: Point[]): Chart {
  const bound = (sign: number) => points.map((p) => within(p.mean_rating + sign * (p.std_error ?? 0)));
  const quiet = { pointRadius: 0, borderWidth: 0, pointHitRadius: 0, tension: 0.2 };
  return draw(canvas, {
    type: "line",
    data: {
      labels: points.map((p) => monthDay(p.date)),
      datasets: [
        { label: "low", data: bound(-1), ...quiet, fill: false },
        { label: "high", data: bound(1), ...quiet, fill: "-1", backgroundColor: "rgba(59, 130, 246, 0.18)" },
        { label: t("trendMean"), data: points.map((p) => p.mean_rating), borderColor: blue, backgroundColor: blue, borderWidth: 2, pointRadius: points.length === 1 ? 4 : 0, pointHitRadius: 12, tension: 0.2, fill: false },
      ],
    },
    options: {
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        y: { min: 1, max: 5, ticks: { stepSize: 1 } },
        x: { grid: { display: false }, ticks: { maxTicksLimit: 5, maxRotation: 0, color: inks().text } },
      },
      plugins: {
        tooltip: {
          filter: (item) => item.datasetIndex === 2,
          callbacks: { label: (item) => { const p = points[item.dataIndex]; return p ? `${p.mean_rating} ± ${p.std_error ?? "?"} (${p.n_samples})` : ""; } },
        },
      },
    },
  });
}
