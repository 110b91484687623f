// SPDX-License-Identifier: Apache-2.0
// Looking around: search, legend, the card of a street.
import { t } from "../i18n";
import { fill, h } from "../lib/dom";
import { go } from "../lib/router";
import { onMap, withMap } from "../map/current";
import { segmentCard, type Card } from "./card";
import { legend } from "./legend";
import { searchBox } from "./search";
import type { MakeView } from "./view";

export const mapView: MakeView = (params) => {
  const id = params.get("segment");
  const search = searchBox(t("searchLabel"), "search", (street) => {
    withMap((map) => map.fit(street.bbox as [number, number, number, number]));
    go("map", { segment: street.segment_id });
  });
  const key = legend();
  const place = h("div", {});
  let card: Card | null = null;
  if (id) {
    card = segmentCard(id, () => {
      go("map");
      document.querySelector<HTMLElement>(".maplibregl-canvas")?.focus({ preventScroll: true });
    });
    fill(place, card.element);
    queueMicrotask(() => card?.element.focus({ preventScroll: true }));
  } else fill(place, h("p", { class: "hint intro" }, t("intro")));

  const stop = onMap((map) =>
    map.clicked.on(({ segment }) => {
      if (segment) go("map", { segment });
      else if (id) go("map");
    }),
  );
  return {
    element: h("div", { class: "stack" }, search.element, ...(card ? [place, key.element] : [key.element, place])),
    sheet: id ? "half" : "peek",
    destroy: () => {
      stop();
      key.destroy();
      card?.destroy();
    },
  };
};
