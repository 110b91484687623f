// SPDX-License-Identifier: Apache-2.0
// The page's one map. It comes after the shell has been drawn: MapLibre is most of what is loaded.
import { t } from "../i18n";
import { h } from "../lib/dom";
import type { Bbox, Position } from "../lib/store";
import type { CityMap } from "./city_map";
import { LiveStream } from "./live";
import { loadStreets } from "./streets";

let arrived: (map: CityMap | null) => void = () => {};
export const cityMap = new Promise<CityMap | null>((done) => (arrived = done));
let current: CityMap | null = null;

// Now, if it is there; later, as soon as it is; never, where there is none.
export function withMap(use: (map: CityMap) => void): void {
  if (current) use(current);
  else void cityMap.then((map) => map && use(map));
}

// The same for as long as a view lives: `use` may give back how to undo it, and so does this.
export function onMap(use: (map: CityMap) => void | (() => void)): () => void {
  let over = false;
  let undo: void | (() => void);
  withMap((map) => {
    if (!over) undo = use(map);
  });
  return () => {
    over = true;
    undo?.();
  };
}

const kept = "looking-at";

function lastPlace(): { center: Position; zoom: number } | null {
  try {
    const { center, zoom } = JSON.parse(localStorage.getItem(kept) ?? "null") as { center: Position; zoom: number };
    return Number.isFinite(center[0]) && Number.isFinite(center[1]) && Number.isFinite(zoom) ? { center, zoom } : null;
  } catch {
    return null;
  }
}

const meets = (place: { center: Position }, box: Bbox) =>
  place.center[0] >= box[0] && place.center[0] <= box[2] && place.center[1] >= box[1] && place.center[1] <= box[3];

export async function startMap(container: HTMLElement): Promise<void> {
  try {
    const [{ CityMap }, streets] = await Promise.all([import("./city_map"), loadStreets()]);
    const place = lastPlace();
    const map = new CityMap(container, streets, place && meets(place, streets.bounds) ? place : null);
    await map.loaded();
    const live = new LiveStream(() => map.refresh());
    live.cover(map.bounds());
    map.moved.on((box) => {
      live.cover(box);
      localStorage.setItem(kept, JSON.stringify({ center: map.center(), zoom: map.map.getZoom() }));
    });
    current = map;
    arrived(map);
  } catch (error) {
    console.error(error);
    container.replaceChildren(h("p", { class: "map-failed", role: "alert" }, t("failedMap")));
    arrived(null);
  }
}
