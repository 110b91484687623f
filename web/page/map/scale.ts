// SPDX-License-Identifier: Apache-2.0
// How a score looks: colour, width and opacity, for the map and for everything beside it.
import type { Palette } from "../lib/store";

type Five = readonly [string, string, string, string, string];
export const ramps: Record<Palette, Five> = {
  standard: ["#dc2626", "#f97316", "#fbbf24", "#84cc16", "#22c55e"],
  // Okabe and Ito's vermilion to blue: told apart with any kind of colour vision.
  safe: ["#d55e00", "#e69f00", "#a3a3a3", "#56b4e9", "#0072b2"],
};
export const coverageRamp: readonly (readonly [number, string])[] = [
  [0, "#fee2e2"],
  [0.3, "#fde68a"],
  [0.6, "#bfdbfe"],
  [0.9, "#86efac"],
  [1, "#22c55e"],
];

const channels = (colour: string): [number, number, number] => [
  parseInt(colour.slice(1, 3), 16),
  parseInt(colour.slice(3, 5), 16),
  parseInt(colour.slice(5, 7), 16),
];

export function colourOf(score: number, palette: Palette): string {
  const ramp = ramps[palette];
  const at = Math.max(1, Math.min(5, score)) - 1;
  const low = Math.min(3, Math.floor(at));
  const from = channels(ramp[low] as string);
  const to = channels(ramp[low + 1] as string);
  const mixed = from.map((channel, i) => Math.round(channel + ((to[i] as number) - channel) * (at - low)));
  return `rgb(${mixed.join(", ")})`;
}

// The same for MapLibre. What came live is in the feature's state and goes before what is in the tile; `hover` goes from
// 0 to 1 there.
const value = (name: string, otherwise: number) => ["number", ["coalesce", ["feature-state", name], ["get", name], otherwise]];
const hover = ["number", ["coalesce", ["feature-state", "hover"], 0]];

export const lineColour = (palette: Palette) => [
  "interpolate",
  ["linear"],
  value("decayed_mean", 3),
  ...ramps[palette].flatMap((colour, i) => [i + 1, colour]),
];
export const lineWidth = ["+", 3, ["min", 5, ["*", 0.5, value("n_eff", 0)]], ["*", 2, hover]];
export const lineOpacity = [
  "min",
  1,
  ["+", 0.4, ["*", 0.6, ["min", 1, ["/", value("n_eff", 0), 10]]], ["*", 0.2, hover]],
];
export const farOpacity = ["+", 0.15, ["*", 0.6, ["number", ["get", "mean_confidence"], 0]]];
export const coverageColour = ["interpolate", ["linear"], ["get", "confidence"], ...coverageRamp.flat()];
