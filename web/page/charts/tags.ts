// SPDX-License-Identifier: Apache-2.0
// Tags as horizontal bars, each with its count and share written beside it.
import type { Chart, Plugin } from "chart.js";

import { draw, inks } from "./library";

export interface TagCount {
  tag: string;
  count: number;
  percentage: number;
}

export const tagLabel = ({ count, percentage }: TagCount): string => `${count} (${percentage.toFixed(1)}%)`;

const labels = (tags: TagCount[]): Plugin<"bar"> => ({
  id: "labels",
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.fillStyle = inks().strong;
    ctx.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textBaseline = "middle";
    chart.getDatasetMeta(0).data.forEach((bar, i) => {
      const tag = tags[i];
      if (tag) ctx.fillText(tagLabel(tag), bar.x + 6, bar.y);
    });
    ctx.restore();
  },
});

export function tagChart(canvas: HTMLCanvasElement, tags: TagCount[]): Chart {
  return draw(canvas, {
    type: "bar",
    data: { labels: tags.map((tag) => tag.tag), datasets: [{ data: tags.map((tag) => tag.count), backgroundColor: "#3b82f6", borderRadius: 4, maxBarThickness: 18 }] },
    options: {
      indexAxis: "y",
      maintainAspectRatio: false,
      layout: { padding: { right: 84 } },
      scales: { x: { display: false, beginAtZero: true }, y: { grid: { display: false }, border: { display: false }, ticks: { color: inks().strong } } },
      plugins: { tooltip: { enabled: false } },
    },
    plugins: [labels(tags) as Plugin],
  });
}
