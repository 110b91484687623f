// SPDX-License-Identifier: Apache-2.0
import type { Bbox, Position } from "./store";

const earthM = 6_371_008.8;
const radians = Math.PI / 180;

export function between(a: Position, b: Position): number {
  const x = (b[0] - a[0]) * radians * Math.cos(((a[1] + b[1]) / 2) * radians);
  const y = (b[1] - a[1]) * radians;
  return Math.hypot(x, y) * earthM;
}

export function boxOf(points: Position[]): Bbox {
  const box: Bbox = [180, 90, -180, -90];
  for (const [lng, lat] of points) {
    box[0] = Math.min(box[0], lng);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lng);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

export function lineLength(line: Position[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; ++i) sum += between(line[i - 1] as Position, line[i] as Position);
  return sum;
}

// The place that far along a line, its end at most.
export function along(line: Position[], metres: number): Position {
  let left = metres;
  for (let i = 1; i < line.length; ++i) {
    const from = line[i - 1] as Position;
    const to = line[i] as Position;
    const length = between(from, to);
    if (left <= length && length > 0) {
      const part = left / length;
      return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    }
    left -= length;
  }
  return line[line.length - 1] ?? [0, 0];
}

// How far along the line the place on it nearest to `point` is.
export function progressOf(line: Position[], point: Position): number {
  const scale = Math.cos(point[1] * radians);
  let best = Infinity;
  let found = 0;
  let before = 0;
  for (let i = 1; i < line.length; ++i) {
    const from = line[i - 1] as Position;
    const to = line[i] as Position;
    const dx = (to[0] - from[0]) * scale;
    const dy = to[1] - from[1];
    const px = (point[0] - from[0]) * scale;
    const py = point[1] - from[1];
    const square = dx * dx + dy * dy;
    const part = square > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / square)) : 0;
    const away = Math.hypot(px - part * dx, py - part * dy);
    const length = between(from, to);
    if (away < best) {
      best = away;
      found = before + part * length;
    }
    before += length;
  }
  return found;
}

export const widened = (box: Bbox, by: number): Bbox => {
  const w = (box[2] - box[0]) * by;
  const t = (box[3] - box[1]) * by;
  return [Math.max(-180, box[0] - w), Math.max(-85, box[1] - t), Math.min(180, box[2] + w), Math.min(85, box[3] + t)];
};

export const holds = (outer: Bbox, inner: Bbox): boolean =>
  outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];

export const rounded = (box: Bbox): Bbox => box.map((value) => Math.round(value * 1e6) / 1e6) as Bbox;

export function squareKm(box: Bbox): number {
  const middle = (box[1] + box[3]) / 2;
  return (between([box[0], middle], [box[2], middle]) * between([box[0], box[1]], [box[0], box[3]])) / 1e6;
}
