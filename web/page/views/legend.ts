// SPDX-License-Identifier: Apache-2.0
// What the colours and widths mean; numbers and words beside each colour.
import { t, type Key } from "../i18n";
import { fill, h } from "../lib/dom";
import { store } from "../lib/store";
import { ramps } from "../map/scale";

export function legend(): { element: HTMLElement; destroy: () => void } {
  const element = h("section", { class: "legend", "aria-labelledby": "legend-title", "data-testid": "legend" });
  const draw = () => {
    const { palette } = store.get();
    const swatch = (score: number) => {
      const colour = h("span", { class: "swatch", "aria-hidden": "true", "data-testid": `legend-${score}` });
      colour.style.backgroundColor = ramps[palette][score - 1] ?? "";
      return h("li", {}, colour, h("b", {}, score), h("span", {}, t(`legend${score}` as Key)));
    };
    const width = (px: number, opacity: number) => {
      const line = h("span", { class: "sample", "aria-hidden": "true" });
      line.style.height = `${px}px`;
      line.style.opacity = String(opacity);
      line.style.backgroundColor = ramps[palette][4];
      return line;
    };
    const next = palette === "standard" ? "safe" : "standard";
    fill(
      element,
      h("h2", { id: "legend-title" }, t("legend")),
      h("ul", { class: "scale" }, [1, 2, 3, 4, 5].map(swatch)),
      h("p", { class: "widths hint" }, h("span", {}, t("legendFew")), width(3, 0.45), width(5, 0.7), width(8, 1), h("span", {}, t("legendMany"))),
      h("p", { class: "hint" }, t("legendWidth")),
      h(
        "button",
        { type: "button", class: "link", "data-testid": "palette-toggle", on: { click: () => store.set({ palette: next }) } },
        t(next === "safe" ? "paletteToSafe" : "paletteToStandard"),
      ),
    );
  };
  draw();
  const stop = store.on((state) => state.palette, () => {
    draw();
    element.querySelector<HTMLElement>("button")?.focus();
  });
  return { element, destroy: stop };
}
