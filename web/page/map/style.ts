// SPDX-License-Identifier: Apache-2.0
// The layers. The basemap is the project's own streets once more: ground, street beds, names. Names are drawn with the
// device's own font (the style has no `glyphs`), so that no font has to be sent.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Palette } from "../lib/store";
import { coverageColour, farOpacity, lineColour, lineOpacity, lineWidth } from "./scale";
import { farLayer, source, sourceLayer, type Streets } from "./streets";

export interface Ground {
  ground: string;
  bed: string;
  name: string;
  halo: string;
}
export const grounds: Record<"light" | "dark", Ground> = {
  light: { ground: "#efece5", bed: "#ffffff", name: "#353b45", halo: "#ffffff" },
  dark: { ground: "#12161c", bed: "#272e38", name: "#d6dbe3", halo: "#12161c" },
};

export const layers = { streets: "segments", far: "far-squares", bed: "street-beds", names: "street-names", ground: "ground" } as const;

const line = { type: "LineString", coordinates: [] } as const;
const nothing = { type: "geojson", data: { type: "FeatureCollection", features: [] } } as const;
const ofStreets = { source, "source-layer": sourceLayer } as const;
const nearestZoomOfSquares = 11;
const expression = (made: unknown) => made as ExpressionSpecification;

export function styleOf(streets: Streets, ground: Ground, palette: Palette): StyleSpecification {
  return {
    version: 8,
    sources: {
      [source]: streets.spec,
      coverage: nothing,
      selected: { type: "geojson", data: line as never },
      alternative: { type: "geojson", data: line as never },
      primary: { type: "geojson", data: line as never },
      trace: { type: "geojson", data: line as never },
      places: nothing,
      position: nothing,
    },
    layers: [
      { id: layers.ground, type: "background", paint: { "background-color": ground.ground } },
      {
        id: layers.far,
        type: "fill",
        source,
        "source-layer": farLayer,
        maxzoom: nearestZoomOfSquares,
        paint: { "fill-color": expression(lineColour(palette)), "fill-opacity": expression(farOpacity) },
      },
      {
        id: layers.bed,
        type: "line",
        ...ofStreets,
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": ground.bed,
          "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 11, 1, 14, 8, 16, 16, 19, 44],
        },
      },
      {
        id: "coverage",
        type: "fill",
        source: "coverage",
        paint: { "fill-color": expression(coverageColour), "fill-opacity": 1 },
      },
      {
        id: "selected",
        type: "line",
        source: "selected",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": ground.name, "line-width": 14, "line-opacity": 0.35 },
      },
      {
        id: layers.streets,
        type: "line",
        ...ofStreets,
        layout: { "line-join": "round" },
        paint: {
          "line-color": expression(lineColour(palette)),
          "line-width": expression(lineWidth),
          "line-opacity": expression(lineOpacity),
        },
      },
      {
        id: "alternative",
        type: "line",
        source: "alternative",
        layout: { "line-join": "round" },
        // Dashes are counted in widths: 8 px and 4 px.
        paint: { "line-color": "#10b981", "line-width": 4, "line-dasharray": [2, 1] },
      },
      {
        id: "primary",
        type: "line",
        source: "primary",
        layout: { "line-join": "round", "line-cap": "round" },
        paint: { "line-color": "#3b82f6", "line-width": 4 },
      },
      {
        id: "trace",
        type: "line",
        source: "trace",
        layout: { "line-join": "round", "line-cap": "round" },
        paint: { "line-color": "#22d3ee", "line-width": 3, "line-opacity": 0.8 },
      },
      {
        id: layers.names,
        type: "symbol",
        ...ofStreets,
        minzoom: 13.5,
        layout: {
          "symbol-placement": "line",
          "symbol-spacing": 320,
          "text-field": ["get", "street"],
          "text-font": ["system-ui"],
          "text-size": ["interpolate", ["linear"], ["zoom"], 13.5, 11, 17, 14],
          "text-padding": 12,
          "text-max-angle": 30,
        },
        paint: { "text-color": ground.name, "text-halo-color": ground.halo, "text-halo-width": 1.8 },
      },
      {
        id: "places",
        type: "circle",
        source: "places",
        paint: {
          "circle-radius": 8,
          "circle-color": ["match", ["get", "kind"], "origin", "#3b82f6", "me", "#3b82f6", "#1f2937"],
          "circle-stroke-color": "#ffffff",
          "circle-stroke-width": 3,
        },
      },
      {
        id: "position",
        type: "circle",
        source: "position",
        paint: {
          "circle-radius": 6,
          "circle-color": "#22d3ee",
          "circle-stroke-color": "#ffffff",
          "circle-stroke-width": 2,
        },
      },
    ] satisfies LayerSpecification[],
  };
}
