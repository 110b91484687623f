// SPDX-License-Identifier: Apache-2.0
// Quotients of what is measured side by side.

import { median } from '../figures.mjs';
import { elapsed_s } from '../progress.mjs';

// After so long, on a slow machine or in a slow moment, fewer turns have to do.
const enough_s = 200;
const least = 3;

// The median of the turns' own quotients, one / other, each of which has the other one first: a slow moment of the
// machine slows both.
export async function inTurns(turns, one, other) {
  const quotients = [];
  for (let turn = 0; turn < turns; turn += 1) {
    if (turn >= least && elapsed_s() > enough_s) break;
    const values = [];
    for (const side of turn % 2 ? [1, 0] : [0, 1]) values[side] = await [one, other][side](turn);
    quotients.push(values[0] / values[1]);
  }
  return ofTurns(quotients);
}

export const ofTurns = (quotients) => ({ value: median(quotients), turns: quotients });
