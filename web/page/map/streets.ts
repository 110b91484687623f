// SPDX-License-Identifier: Apache-2.0
// Where the map has its streets from: the server's vector tiles. Everything else knows only the source, its layers and
// the ids, which are the segments' own.
import type { SourceSpecification } from "maplibre-gl";

import type { Bbox, Schemas } from "../lib/store";

export const source = "streets";
export const sourceLayer = "segments";
export const farLayer = "coverage"; // squares, where streets would be too small

export interface Streets {
  spec: SourceSpecification;
  bounds: Bbox;
}

export async function loadStreets(): Promise<Streets> {
  const answer = await fetch("/tiles/segments.json");
  if (!answer.ok) throw new Error(`no tiles: ${answer.status}`);
  const { minzoom, maxzoom, bounds } = (await answer.json()) as Schemas["TileJson"];
  return {
    spec: {
      type: "vector",
      // As this page came, whatever proxies stand between; absolute, since the worker that asks has no address.
      tiles: [`${location.origin}/tiles/segments/{z}/{x}/{y}.mvt`],
      minzoom,
      maxzoom,
      bounds: bounds as Bbox,
      promoteId: { [sourceLayer]: "segment_id" },
    },
    bounds: bounds as Bbox,
  };
}
