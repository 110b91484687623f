// SPDX-License-Identifier: Apache-2.0
// The city that is measured on: a lattice, so that it needs no file and is the same everywhere. Segment g1, g2, ...

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const corners = 160;            // along each side
const spacing = 0.001;          // degrees
const origin = [-75.23, 39.87];  // the specification's coverage grid lies within

export const segmentCount = 2 * corners * (corners - 1);

// A box of this side holds about 540 segments.
export const boxes = { west: origin[0], south: origin[1], reach: corners * spacing, side: 0.0164 };

const corner = (x, y) => [origin[0] + x * spacing, origin[1] + y * spacing].map((v) => Number(v.toFixed(7)));

// One Feature a line.
export async function writeCity(file) {
  const out = createWriteStream(file);
  let number = 0;
  const add = (street, from, to) => {
    number += 1;
    out.write(JSON.stringify({
      type: 'Feature',
      properties: { segment_id: `g${number}`, street, neighborhood: `Quarter ${(number % 40) + 1}` },
      geometry: { type: 'LineString', coordinates: [from, to] },
    }) + '\n');
  };
  for (let y = 0; y < corners; y += 1) {
    for (let x = 0; x < corners; x += 1) {
      if (x + 1 < corners) add(`${y + 1}. Street`, corner(x, y), corner(x + 1, y));
      if (y + 1 < corners) add(`${x + 1}. Avenue`, corner(x, y), corner(x, y + 1));
    }
  }
  out.end();
  await once(out, 'finish');
}
