// SPDX-License-Identifier: Apache-2.0
// MapLibre does not ease what depends on a feature's state, so the numbers are eased here, frame by frame. Each key has
// one movement: a new one begins where the old one is.
import { calm } from "../lib/dom";

type Values = Record<string, number>;
interface Movement {
  from: Values;
  to: Values;
  begin: number;
  lasts: number;
  set: (now: Values) => void;
}

const movements = new Map<string, Movement>();
let frame = 0;

const eased = (part: number) => 1 - (1 - part) ** 3;

function at(movement: Movement, time: number): Values {
  const part = eased(Math.max(0, Math.min(1, (time - movement.begin) / movement.lasts)));
  return Object.fromEntries(
    Object.entries(movement.to).map(([name, to]) => {
      const from = movement.from[name] ?? to;
      return [name, part === 1 ? to : from + (to - from) * part];
    }),
  );
}

function step(time: number): void {
  frame = 0;
  for (const [key, movement] of movements) {
    movement.set(at(movement, time));
    if (time - movement.begin >= movement.lasts) movements.delete(key);
  }
  if (movements.size > 0) frame = requestAnimationFrame(step);
}

export function ease(key: string, from: Values, to: Values, lasts: number, set: (now: Values) => void): void {
  const now = performance.now();
  const running = movements.get(key);
  movements.delete(key);
  // No frames come to a page in the background.
  if (calm() || document.hidden) return set(to);
  movements.set(key, { from: running ? at(running, now) : from, to, begin: now, lasts, set });
  if (frame === 0) frame = requestAnimationFrame(step);
}
