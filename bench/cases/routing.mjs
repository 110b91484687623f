// SPDX-License-Identifier: Apache-2.0
// G. Routes on the streets of a real city: in process, beside plain Dijkstra; changed scores; larger networks; recorded
// traces matched. What the peers do is in routing_peers.mjs.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure } from '../figures.mjs';
import { run } from '../processes.mjs';

const program = (path) => fileURLToPath(new URL(`../../build/release/bench/${path}`, import.meta.url));
export const engine = program('routing/bench_routing');
const changing_s = { quick: 10, full: 60 };
// Copies along each side: about 0.85 M and 4.6 M segments of Porto.
const larger = [3, 7];

const times = ({ median, p99 }) => ({ latency: `${figure(median / 1000)} / ${figure(p99 / 1000)}` });
const million = (segments) => `${(segments / 1e6).toFixed(2)} M segments`;

// What bench_routing says, if it found no route that is not the cheapest.
export async function measured(file, side, seconds, farthest_km = 50) {
  const { out } = await run(engine, [file, side, seconds, farthest_km].map(String));
  const result = JSON.parse(out);
  const wrong = [...result.distances, result.under_changes ?? { wrong: 0 }].reduce((sum, row) => sum + row.wrong, 0);
  if (wrong > 0) throw new Error(`${wrong} routes on ${file} are not the cheapest`);
  return result;
}

function distanceRows(table, { distances }, wanted) {
  for (const of of distances.filter(({ km }) => wanted.includes(km))) {
    const ratio = (time) => ({ ...times(time), ratio: `${figure(of.dijkstra_us.median / time.median)}x` });
    const row = (what, time) => table.row(`${of.km} km: ${what}`, [time.median], 'µs', ratio(time));
    row('route, any weight in [0, 5]', of.any_weight_us);
    row(`the whole curve, ${figure(of.routes_on_curve.median)} routes`, of.curve_us);
    row(`route and alternative, found for ${figure(100 * of.alternatives_share)} %`, of.with_alternative_us);
    row('plain Dijkstra', of.dijkstra_us);
  }
}

function changeRows(table, { change, under_changes: under }) {
  table.row('one changed score, mean', [change.mean], 'µs');
  table.row('5 km: any weight, quiet', [under.quiet_us.median], 'µs', times(under.quiet_us));
  table.row(`5 km: any weight, ${figure(under.changes_per_s)} changes/s`, [under.busy_us.median], 'µs',
    { ...times(under.busy_us), ratio: `${figure(under.busy_us.median / under.quiet_us.median)}x quiet` });
}

// Once for each network: how it grows.
function growthRows(table, name, result) {
  const { segments, build_s, bytes_per_segment, customize_ms, distances, change } = result;
  table.row(`${name}, ${million(segments)}: graph and hierarchy built`, [build_s], 's');
  table.row(`${name}: all scores set at once`, [customize_ms], 'ms');
  table.row(`${name}: memory a segment`, [bytes_per_segment], 'bytes');
  table.row(`${name}: one changed score, mean`, [change.mean], 'µs');
  const far = distances.at(-1);
  if (!far) return;
  table.row(`${name}: route of ${far.km} km, any weight`, [far.any_weight_us.median], 'µs',
    { ...times(far.any_weight_us), ratio: `${figure(far.dijkstra_us.median / far.any_weight_us.median)}x` });
}

async function matchingRows(table, file, full) {
  const { out } = await run(program('places/bench_traces'), [file, full ? '200' : '50']);
  const line = /^independent +(\d+) m +right +([\d.]+) % +wrong +([\d.]+) % +([\d.]+) us\/point/gm;
  const target = { 5: 98, 10: 95, 20: 88 };
  for (const [, noise, right, wrong, us] of out.matchAll(line)) {
    table.row(`matching, ${noise} m noise: share of the length found (target ${target[noise]} %)`, [Number(right)], '%');
    table.row(`matching, ${noise} m noise: streets besides, of the length`, [Number(wrong)], '%');
    table.row(`matching, ${noise} m noise: a point`, [Number(us)], 'µs');
  }
}

async function snapRows(table, file) {
  const { out } = await run(program('places/bench_places'), [file]);
  for (const [, what, mean] of out.matchAll(/^(nearest, .*?|eight nearest, .*?) +mean +([\d.]+) us/gm)) {
    table.row(`snapping: ${what}, mean`, [Number(mean)], 'µs');
  }
}

const otherCities = (file) => readdirSync(dirname(file)).filter((name) => name.endsWith('.osm.pbf') && name !== basename(file))
  .sort().map((name) => join(dirname(file), name));

// True when there is a map to measure on.
export async function routing(table, { file, full }) {
  table.section(`G. Routing in process, ${basename(file)}, one thread, medians. Ratio: plain Dijkstra to this one`);
  if (!existsSync(file)) {
    table.note(`SKIPPED: ${file} is not there; --pbf FILE names another.`);
    return false;
  }
  const city = await measured(file, 1, full ? changing_s.full : changing_s.quick);
  distanceRows(table, city, full ? [1, 5, 10, 25, 50] : [1, 5, 10]);
  changeRows(table, city);
  table.note('Every route beside Dijkstra, and of 60 pairs after the changes, cost exactly what Dijkstra\'s did.');

  table.section('G. Networks of different sizes. Ratio: plain Dijkstra to this one');
  growthRows(table, basename(file, '.osm.pbf'), city);
  if (full) {
    for (const other of otherCities(file)) growthRows(table, basename(other, '.osm.pbf'), await measured(other, 1, 0));
    for (const side of larger) growthRows(table, `${side} x ${side} copies`, await measured(file, side, 0));
  } else table.note('Other cities and networks of copies are measured with --full only.');

  table.section('G. Recorded traces and places');
  await matchingRows(table, file, full);
  await snapRows(table, file);
  table.note('Processor time: what other programs took does not count in these.');
  return true;
}
