// SPDX-License-Identifier: Apache-2.0
// The trade-off as a small drawing: length to the right, safety upward, a point for each route. Drawn as SVG, so that
// planning need not load a chart library. Dragging along it chooses; the slider beside it does the same by keyboard.
import { t } from "../i18n";
import { fill, h, svg } from "../lib/dom";
import { metres, one } from "../lib/format";
import type { Schemas } from "../lib/store";

type Point = Schemas["CurveRoute"];
const width = 320;
const height = 132;
const edge = { left: 34, right: 14, top: 12, bottom: 26 };

export interface Curve {
  element: HTMLElement;
  mark: (index: number) => void;
}

export function curveChart(points: Point[], choose: (index: number, done: boolean) => void): Curve {
  const lengths = points.map((p) => p.length_m);
  const scores = points.map((p) => p.avg_safety);
  const [least, longest] = [Math.min(...lengths), Math.max(...lengths)];
  const [worst, best] = [Math.min(...scores), Math.max(...scores)];
  const part = (value: number, low: number, high: number) => (high > low ? (value - low) / (high - low) : 0.5);
  const x = (p: Point) => edge.left + part(p.length_m, least, longest) * (width - edge.left - edge.right);
  const y = (p: Point) => height - edge.bottom - part(p.avg_safety, worst, best) * (height - edge.top - edge.bottom);

  const marker = svg("circle", { r: 8, class: "curve-marker", "data-testid": "curve-marker" });
  const line = svg("polyline", { class: "curve-line", points: points.map((p) => `${x(p)},${y(p)}`).join(" ") });
  const dots = points.map((p) => svg("circle", { cx: x(p), cy: y(p), r: 3.5, class: "curve-dot" }));
  const text = (at: [number, number], anchor: string, words: string) => svg("text", { x: at[0], y: at[1], "text-anchor": anchor, class: "curve-text" }, words);
  const first = points[0] as Point;
  const last = points[points.length - 1] as Point;
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      class: "curve",
      role: "img",
      "data-testid": "curve",
      "aria-label": t("curveAlt", { n: points.length, a: metres(first.length_m), b: one(first.avg_safety), c: metres(last.length_m), d: one(last.avg_safety) }),
    },
    svg("path", { class: "curve-axis", d: `M${edge.left} ${edge.top}V${height - edge.bottom}H${width - edge.right}` }),
    text([edge.left - 6, edge.top + 8], "end", one(best)),
    one(best) !== one(worst) ? text([edge.left - 6, height - edge.bottom], "end", one(worst)) : null,
    text([edge.left, height - 8], "start", metres(least)),
    metres(longest) !== metres(least) ? text([width - edge.right, height - 8], "end", metres(longest)) : null,
    line,
    dots,
    marker,
  );

  let chosen = 0;
  const mark = (index: number) => {
    const point = points[index];
    if (!point) return;
    chosen = index;
    marker.setAttribute("cx", String(x(point)));
    marker.setAttribute("cy", String(y(point)));
  };
  const nearest = (event: PointerEvent): number => {
    const box = drawing.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * width;
    const py = ((event.clientY - box.top) / box.height) * height;
    let found = 0;
    points.forEach((p, i) => {
      const away = (q: Point) => Math.hypot(x(q) - px, (y(q) - py) / 2);
      if (away(p) < away(points[found] as Point)) found = i;
    });
    return found;
  };
  let held = false;
  drawing.addEventListener("pointerdown", (event) => {
    held = true;
    drawing.setPointerCapture(event.pointerId);
    mark(nearest(event));
    choose(chosen, false);
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!held) return;
    const at = nearest(event);
    if (at === chosen) return;
    mark(at);
    choose(at, false);
  });
  const release = () => {
    if (held) choose(chosen, true);
    held = false;
  };
  drawing.addEventListener("pointerup", release);
  drawing.addEventListener("pointercancel", release);
  mark(0);

  const element = h("figure", { class: "figure" });
  fill(
    element,
    h("figcaption", {}, h("b", {}, t("curve")), h("span", { class: "hint" }, points.length > 1 ? t("curveHint") : t("curveOne"))),
    drawing,
    h(
      "table",
      { class: "hidden" },
      h("caption", {}, t("curve")),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("curveX")), h("th", { scope: "col" }, t("curveY")))),
      h("tbody", {}, points.map((p) => h("tr", {}, h("td", {}, metres(p.length_m)), h("td", {}, one(p.avg_safety))))),
    ),
  );
  return { element, mark };
}
