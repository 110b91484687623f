// SPDX-License-Identifier: Apache-2.0
// The frame of a chart: skeleton while it loads, error with Retry, empty state, and the same as a table for whoever
// cannot see it.
import type { Chart } from "chart.js";

import { t } from "../i18n";
import type { Answer } from "../lib/api";
import { fill, h } from "../lib/dom";
import { empty, failure, skeleton, why } from "../lib/feedback";
import { store } from "../lib/store";

export interface Table {
  caption: string;
  head: string[];
  rows: (string | number)[][];
}
export interface ChartOf<T> {
  id: string;
  title: string;
  load: () => Promise<Answer<T>>;
  isEmpty: (data: T) => string | null; // why there is nothing to draw
  draw: (canvas: HTMLCanvasElement, data: T) => Promise<Chart>;
  table: (data: T) => Table;
  alt: (data: T) => string;
  height: (data: T) => number;
  hint?: string;
}

export const charts = new Map<string, Chart>(); // for whoever looks from outside

export const tableOf = ({ caption, head, rows }: Table): HTMLElement =>
  h(
    "div",
    { class: "hidden" },
    h(
      "table",
      { "data-testid": "chart-table" },
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell)))))),
    ),
  );

export function chartPanel<T>(chart: ChartOf<T>): { element: HTMLElement; destroy: () => void } {
  let over = false;
  let shown: Chart | null = null;
  let data: T | null = null;
  const body = h("div", { class: "chart-body" });
  const clear = () => {
    shown?.destroy();
    shown = null;
    charts.delete(chart.id);
  };
  const paint = async () => {
    if (data === null) return;
    clear();
    const canvas = h("canvas", { role: "img", "aria-label": chart.alt(data), "data-testid": `${chart.id}-canvas` });
    const frame = h("div", { class: "chart-frame" }, canvas);
    frame.style.height = `${chart.height(data)}px`;
    fill(body, chart.hint && h("p", { class: "hint" }, chart.hint), frame, tableOf(chart.table(data)));
    try {
      const made = await chart.draw(canvas, data);
      if (over) return made.destroy();
      shown = made;
      charts.set(chart.id, made);
    } catch {
      fill(body, failure(t("chartFailed"), () => void load()));
    }
  };
  const load = async () => {
    clear();
    fill(body, skeleton(1, "chart"));
    const answer = await chart.load();
    if (over) return;
    if (!answer.ok) return fill(body, failure(answer.status === 0 || answer.problem === null ? t("chartFailed") : why(answer), () => void load()));
    data = answer.data;
    const none = chart.isEmpty(data);
    if (none !== null) return fill(body, empty(none));
    await paint();
  };
  void load();
  const repaint = () => void paint();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", repaint);
  const stop = store.on((state) => state.theme, () => queueMicrotask(repaint));
  return {
    element: h("section", { class: "chart", "aria-labelledby": `${chart.id}-title`, "data-testid": chart.id }, h("h2", { id: `${chart.id}-title` }, chart.title), body),
    destroy: () => {
      over = true;
      stop();
      dark.removeEventListener("change", repaint);
      clear();
    },
  };
}
