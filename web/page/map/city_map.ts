// SPDX-License-Identifier: Apache-2.0
// The map, as the views use it: what is drawn, what was clicked, where it looks. It owns MapLibre; nobody else calls it.
import maplibregl, { type GeoJSONSource, type MapGeoJSONFeature } from "maplibre-gl";

import { t } from "../i18n";
import { calm } from "../lib/dom";
import { Signal, store, scored, type Bbox, type Position, type Score } from "../lib/store";
import { ease } from "./easing";
import { lineColour } from "./scale";
import { source, sourceLayer, type Streets } from "./streets";
import { grounds, layers, styleOf } from "./style";

export interface Clicked {
  at: Position;
  segment: string | null;
}
type Line = { type: "LineString"; coordinates: number[][] };

const firstZoom = 15.1; // near enough to read names; and the tiles of a whole city are a lot for a first visit
const middleOf = ([west, south, east, north]: Bbox): Bbox => {
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  return [x - 1e-6, y - 1e-6, x + 1e-6, y + 1e-6];
};
const hoverMs = 150;
const changeMs = 300;
const widePx = 900; // where the panel stands beside the map
const buttonPx = 56;
const reachPx = 8; // a finger is not a pointer
const nothing = { type: "FeatureCollection", features: [] } as const;
const noLine: Line = { type: "LineString", coordinates: [] };

export class CityMap {
  readonly clicked = new Signal<Clicked>();
  readonly moved = new Signal<Bbox>();
  readonly map: maplibregl.Map;
  private hovered: string | null = null;
  private live = new Set<string>(); // streets whose score came after their tile

  constructor(container: HTMLElement, private readonly streets: Streets, start: { center: Position; zoom: number } | null) {
    this.map = new maplibregl.Map({
      container,
      style: styleOf(streets, grounds[this.shade()], store.get().palette),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      fadeDuration: calm() ? 0 : 200,
      locale: { "Map.Title": t("mapRegion") },
      ...(start ? { center: start.center, zoom: start.zoom } : { bounds: middleOf(streets.bounds), fitBoundsOptions: { padding: this.room(24), maxZoom: firstZoom } }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("click", (event) => this.click([event.lngLat.lng, event.lngLat.lat], event.point));
    this.map.on("moveend", () => this.moved.emit(this.bounds()));
    this.map.on("mousemove", (event) => this.hover(event.point));
    this.map.on("mouseout", () => this.point(null));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const { clientWidth, clientHeight } = this.map.getContainer();
      const middle = new maplibregl.Point(clientWidth / 2, clientHeight / 2);
      const at = this.map.unproject(middle);
      this.click([at.lng, at.lat], middle, 40);
    });
    scored.on((score) => this.recolour(score));
    store.on((state) => state.palette, (palette) => {
      this.paint(layers.streets, "line-color", lineColour(palette));
      this.paint(layers.far, "fill-color", lineColour(palette));
    });
    store.on((state) => state.theme, () => this.shadeAnew());
    store.on((state) => state.language, () => this.map.getCanvas().setAttribute("aria-label", t("mapRegion")));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.shadeAnew());
  }

  loaded(): Promise<void> {
    return new Promise((done) => {
      if (this.map.isStyleLoaded()) done();
      else this.map.once("load", () => done());
    });
  }

  bounds(): Bbox {
    const box = this.map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  }

  center(): Position {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  city(): Bbox {
    return this.streets.bounds;
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { animate: !calm() });
  }

  look(at: Position, zoom = 16): void {
    this.map.easeTo({ center: at, zoom: Math.max(zoom, this.map.getZoom()), animate: !calm(), padding: this.room() });
  }

  // Moves only when the place is hidden or outside.
  reveal(at: Position): void {
    const { x, y } = this.map.project(at);
    const room = this.room(40);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const seen = x > room.left && x < clientWidth - room.right && y > room.top && y < clientHeight - room.bottom;
    if (!seen) this.map.easeTo({ center: at, padding: room, animate: !calm() });
  }

  fit(box: Bbox): void {
    this.map.fitBounds(box, { padding: this.room(48), maxZoom: 17, animate: !calm() });
  }

  // Tiles anew (those that have not changed cost a 304). What came live until now is in them, and goes once they are here.
  refresh(): void {
    const before = this.live;
    this.live = new Set();
    this.map.refreshTiles(source);
    this.map.once("idle", () => {
      for (const id of before) if (!this.live.has(id)) this.map.removeFeatureState(this.feature(id));
    });
  }

  select(geometry: Line | null): void {
    this.put("selected", geometry ?? noLine);
  }

  routes(primary: Line | null, alternative: Line | null): void {
    this.put("primary", primary ?? noLine);
    this.put("alternative", alternative ?? noLine);
  }

  trace(points: Position[]): void {
    this.put("trace", { type: "LineString", coordinates: points.length > 1 ? points : [] });
  }

  position(at: Position | null): void {
    this.put("position", at ? { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } } : nothing);
  }

  places(places: { kind: "origin" | "destination" | "me"; at: Position }[]): void {
    this.put("places", {
      type: "FeatureCollection",
      features: places.map(({ kind, at }) => ({
        type: "Feature",
        properties: { kind },
        geometry: { type: "Point", coordinates: at },
      })),
    });
  }

  coverage(collection: object | null): void {
    this.put("coverage", collection ?? nothing);
    this.paint(layers.streets, "line-opacity-transition", { duration: 0 });
    this.map.setLayoutProperty(layers.streets, "visibility", collection ? "none" : "visible");
  }

  // The score of a street as of now, wherever the number comes from.
  private recolour(score: Score): void {
    const target = this.feature(score.segment_id);
    this.live.add(score.segment_id);
    const to = { decayed_mean: score.decayed_mean, n_eff: score.n_eff, confidence: score.confidence, delta_30d: score.delta_30d };
    const state = this.map.getFeatureState(target);
    const shown = { ...this.tileValues(score.segment_id), ...state } as Record<string, number>;
    const from = Object.fromEntries(Object.entries(to).map(([name, value]) => [name, Number(shown[name] ?? value)]));
    ease(`score ${score.segment_id}`, from, to, changeMs, (now) => this.map.setFeatureState(target, now));
  }

  private tileValues(id: string): Record<string, unknown> {
    const found = this.map.querySourceFeatures(source, {
      sourceLayer,
      filter: ["==", ["get", "segment_id"], id],
    });
    return found[0]?.properties ?? {};
  }

  private feature(id: string) {
    return { source, sourceLayer, id };
  }

  private near(point: maplibregl.Point, reach = reachPx): MapGeoJSONFeature | undefined {
    if (!this.map.getLayer(layers.streets)) return undefined;
    const exact = this.map.queryRenderedFeatures(point, { layers: [layers.streets] });
    if (exact[0]) return exact[0];
    for (let r = 2; r <= reach; r *= 2) {
      const box: [maplibregl.PointLike, maplibregl.PointLike] = [[point.x - r, point.y - r], [point.x + r, point.y + r]];
      const found = this.map.queryRenderedFeatures(box, { layers: [layers.streets] });
      if (found[0]) return found[0];
    }
    return undefined;
  }

  private click(at: Position, point: maplibregl.Point, reach = reachPx): void {
    const segment = this.near(point, reach)?.properties["segment_id"];
    this.clicked.emit({ at, segment: typeof segment === "string" ? segment : null });
  }

  private hover(point: maplibregl.Point): void {
    const id = this.near(point)?.properties["segment_id"];
    this.point(typeof id === "string" ? id : null);
  }

  private point(id: string | null): void {
    if (id === this.hovered) return;
    for (const [street, to] of [[this.hovered, 0], [id, 1]] as const) {
      if (street === null) continue;
      const target = this.feature(street);
      const from = Number(this.map.getFeatureState(target)?.["hover"] ?? 0);
      ease(`hover ${street}`, { hover: from }, { hover: to }, hoverMs, (now) => this.map.setFeatureState(target, now));
    }
    this.hovered = id;
    this.map.getCanvas().style.cursor = id === null ? "" : "pointer";
  }

  private put(name: string, data: object): void {
    (this.map.getSource(name) as GeoJSONSource | undefined)?.setData(data as never);
  }

  private paint(layer: string, property: string, value: unknown): void {
    if (this.map.getLayer(layer)) this.map.setPaintProperty(layer, property as never, value as never);
  }

  private shade(): "light" | "dark" {
    const { theme } = store.get();
    if (theme !== "system") return theme;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  private shadeAnew(): void {
    const ground = grounds[this.shade()];
    this.paint(layers.ground, "background-color", ground.ground);
    this.paint(layers.bed, "line-color", ground.bed);
    this.paint(layers.names, "text-color", ground.name);
    this.paint(layers.names, "text-halo-color", ground.halo);
    this.paint("selected", "line-color", ground.name);
  }

  // What a sheet over the lower part of a small screen, and the buttons at its side, leave to see.
  private room(margin = 0): Required<maplibregl.PaddingOptions> {
    if (innerWidth >= widePx) return { top: margin, left: margin, right: margin, bottom: margin };
    const sheet = document.querySelector<HTMLElement>(".panel");
    const below = Math.min(sheet?.offsetHeight ?? 0, innerHeight * 0.6);
    return { top: margin / 2 + buttonPx / 2, left: margin / 2, right: margin / 2 + buttonPx, bottom: margin / 2 + below };
  }
}
