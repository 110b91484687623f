// SPDX-License-Identifier: Apache-2.0
// What the benchmark was asked for. Throws what bench/run --help does not say.

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases as guarded, mapName } from './guard/ratios.mjs';

const usualMap = fileURLToPath(new URL(`../../shared/data/${mapName}`, import.meta.url));
export const usualKept = fileURLToPath(new URL('guard.json', import.meta.url));
const usual = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const long = ['S'];   // with --full, or by name

function chosen(text, all, usually) {
  if (text === undefined) return new Set(usually);
  const names = text.toUpperCase().split(',');
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`--only: ${unknown} is none of ${all.join(', ')}`);
  return new Set(names);
}

function checkGuard(values) {
  for (const name of ['full', 'out']) if (values[name]) throw new Error(`--${name} does not go with --guard`);
  if (values.slowed && values.write) throw new Error('--slowed measures no ratios to keep');
  if (basename(values.pbf) !== mapName) throw new Error(`--pbf: what the guard keeps was measured on ${mapName}`);
}

// { guard, full, only, out, pbf, write, kept, slowed }
export function options(args) {
  const { values } = parseArgs({
    args,
    options: {
      guard: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
      pbf: { type: 'string', default: usualMap },
      write: { type: 'boolean', default: false },
      kept: { type: 'string' },
      slowed: { type: 'boolean', default: false },
    },
  });
  if (values.guard) checkGuard(values);
  else for (const name of ['write', 'kept', 'slowed']) if (values[name]) throw new Error(`--${name} needs --guard`);
  const only = values.guard ? chosen(values.only, guarded, guarded)
    : chosen(values.only, [...usual, ...long], values.full ? [...usual, ...long] : usual);
  return { ...values, only, kept: values.kept ?? usualKept };
}
