// SPDX-License-Identifier: Apache-2.0
// What the benchmark was asked for. Throws what bench/run --help does not say.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usualMap = fileURLToPath(new URL('../../shared/data/porto_r5.osm.pbf', import.meta.url));
const usual = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const long = ['S'];   // with --full, or by name

function chosen(text, all, usually) {
  if (text === undefined) return new Set(usually);
  const names = text.toUpperCase().split(',');
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`--only: ${unknown} is none of ${all.join(', ')}`);
  return new Set(names);
}

// { full, only, out, pbf }
export function options(args) {
  const { values } = parseArgs({
    args,
    options: {
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
      pbf: { type: 'string', default: usualMap },
    },
  });
  const only = chosen(values.only, [...usual, ...long], values.full ? [...usual, ...long] : usual);
  return { ...values, only };
}
