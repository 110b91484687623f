// SPDX-License-Identifier: Apache-2.0
// H. Tiles beside ST_AsMVT in process, and over HTTP beside the HTTP library's constant.

import { encoded, readTiles } from '../cases/tiles.mjs';
import { startConstant } from '../http_constant.mjs';
import { boxes } from '../city.mjs';
import { stop } from '../processes.mjs';
import { inTurns, ofTurns } from './turns.mjs';

const turns = 5;
const runs = 2;           // of bench_tiles, which takes turns tile by tile
const zooms = [12, 14, 16];

export async function tilesInProcess(cluster) {
  const all = [];
  for (let i = 0; i < runs; i += 1) all.push(...await encoded(cluster));
  return Object.fromEntries(zooms.map((zoom) =>
    [`H.tile_${zoom}`, ofTurns(all.filter((one) => one.zoom === zoom).map((one) => one.ratio))]));
}

// In the city's middle: one of the usual size.
async function oneTile(url) {
  const zoom = 14;
  const lat = ((boxes.south + boxes.reach / 2) * Math.PI) / 180;
  const x = Math.floor(((boxes.west + boxes.reach / 2 + 180) / 360) * 2 ** zoom);
  const y = Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * 2 ** zoom);
  const response = await fetch(`${url}/tiles/segments/${zoom}/${x}/${y}.mvt`, { headers: { 'Accept-Encoding': 'identity' } });
  return Buffer.from(await response.arrayBuffer());
}

export async function tilesOverHttp(cluster, url) {
  const constant = await startConstant(cluster.folder, await oneTile(url));
  const speed = (base) => async (turn) => (await readTiles(base, turn + 1, 1)).perSecond;
  await readTiles(url, 0, 2);   // most are kept from here on
  const found = { 'H.http': await inTurns(turns, speed(url), speed(constant.url)) };
  await stop(constant.child);
  return found;
}
