// SPDX-License-Identifier: Apache-2.0
// The panel that a view is shown in: beside the map on a wide screen, a sheet over its lower part on a phone.
import { t } from "../i18n";
import { fill, h } from "../lib/dom";
import type { ViewName } from "../lib/store";
import type { View } from "./view";

const sizes = ["peek", "half", "full"] as const;
type Size = (typeof sizes)[number];
const dragPx = 40;

export interface Panel {
  element: HTMLElement;
  heading: HTMLElement;
  show: (name: ViewName, title: string, view: View) => void;
}

export function makePanel(): Panel {
  const heading = h("h1", { tabindex: "-1", id: "panel-title" });
  const content = h("div", { class: "panel-content", id: "panel" });
  const grip = h("button", { type: "button", class: "grip", "data-testid": "sheet-grip", "aria-controls": "panel" }, h("span", { "aria-hidden": "true" }));
  const element = h("main", { class: "panel", "aria-labelledby": "panel-title", "data-size": "half" }, grip, h("div", { class: "panel-scroll", tabindex: "-1" }, heading, content));
  let before: ViewName | null = null;

  const size = (next: Size) => {
    element.dataset["size"] = next;
    grip.setAttribute("aria-expanded", String(next !== "peek"));
  };
  const step = (by: number) => {
    const at = sizes.indexOf(element.dataset["size"] as Size) + by;
    size(sizes[Math.max(0, Math.min(sizes.length - 1, at))] ?? "half");
  };
  let from: number | null = null;
  let dragged = false;
  grip.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    dragged = false;
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointermove", (event) => {
    if (from === null || Math.abs(event.clientY - from) < dragPx) return;
    step(event.clientY < from ? 1 : -1);
    from = event.clientY;
    dragged = true;
  });
  grip.addEventListener("pointerup", () => (from = null));
  grip.addEventListener("click", () => {
    if (!dragged) size(element.dataset["size"] === "half" ? "full" : element.dataset["size"] === "peek" ? "half" : "peek");
    dragged = false;
  });

  return {
    element,
    heading,
    show: (name, title, view) => {
      grip.setAttribute("aria-label", t("panelSize"));
      heading.textContent = title;
      content.dataset["testid"] = `view-${name}`;
      element.dataset["view"] = name;
      fill(content, view.element);
      size(view.sheet ?? "half");
      if (before !== null && before !== name) {
        element.querySelector(".panel-scroll")?.scrollTo(0, 0);
        heading.focus({ preventScroll: true });
      }
      before = name;
    },
  };
}
