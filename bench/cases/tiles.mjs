// SPDX-License-Identifier: Apache-2.0
// H. Vector tiles: made by the server's encoder and by PostGIS from the same rows, one core each, in turns; then over
// HTTP from the server.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boxes } from '../city.mjs';
import { figure, median } from '../figures.mjs';
import { run } from '../processes.mjs';
import { load } from '../wrk.mjs';

const program = fileURLToPath(new URL('../../build/release/bench/tiles/bench_tiles', import.meta.url));
const connections = 64;

// { zoom, segments, ours, theirs, ratio, ... } of each zoom.
export async function encoded(cluster) {
  if (!existsSync(program)) throw new Error('bench_tiles is missing; "make bench" builds it');
  const { out } = await run(program, [cluster.url('diary')]);
  return out.trim().split('\n').map((line) => JSON.parse(line));
}

// Random tiles of the city; others for each seed.
export const readTiles = (url, seed, seconds) => load(url, 'tiles', [boxes.west, boxes.south, boxes.reach, seed],
  { connections, seconds });

export async function tilesInProcess(cluster, table, rounds) {
  table.section('H. A vector tile, random places in the city, medians of up to 40. Ratio: ST_AsMVT to this one');
  const zooms = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const one of await encoded(cluster)) zooms.set(one.zoom, [...(zooms.get(one.zoom) ?? []), one]);
  }
  for (const [zoom, results] of zooms) {
    const of = (name) => results.map((one) => one[name]);
    const what = `zoom ${zoom}, ${figure(median(of('segments')))} segments`;
    table.row(`${what}: encoded`, of('ours'), 'µs', { ratio: `${figure(median(of('ratio')))}x` });
    table.row(`${what}: and compressed, ${figure(median(of('kib')))} KiB`, of('packed'), 'µs');
    table.row(`${what}: ST_AsMVT`, of('theirs'), 'µs', { ratio: '1.00x' });
  }
}

export async function tilesOverHttp(table, { url, rounds, seconds }) {
  table.section(`H. Tiles over HTTP, zooms 12 to 16, compressed, ${connections} connections, requests per second`);
  const results = [];
  await readTiles(url, 0, seconds);   // most are kept from here on
  for (let round = 0; round < rounds; round += 1) results.push(await readTiles(url, round + 1, seconds));
  const of = (name) => figure(median(results.map((result) => result[name])));
  table.row('diary, scores of this moment', results.map((result) => result.perSecond), 'req/s', { latency: `${of('p50')} / ${of('p99')}` });
}
