// SPDX-License-Identifier: Apache-2.0
// D. Reading the segments of a random box, 100 of about 540, from the same database.

import { boxes } from '../city.mjs';
import { figure, median, pairedRatio } from '../figures.mjs';
import { startPeer } from '../peers.mjs';
import { stop } from '../processes.mjs';
import { load } from '../wrk.mjs';

const connections = 32;
const warmup_s = 1;

export async function reads(cluster, table, { url, secret, rounds, seconds }) {
  table.section('D. GET /diary/segments?bbox=&limit=100, 32 connections, requests per second. Ratio: diary to this one');
  const results = { diary: [], express: [] };
  const get = async (base, seed) => {
    const args = [boxes.west, boxes.south, boxes.reach, boxes.side, seed];
    await load(base, 'boxes', args, { connections, seconds: warmup_s });
    return load(base, 'boxes', args, { connections, seconds });
  };
  for (let round = 0; round < rounds; round += 1) {
    results.diary.push(await get(url, round + 1));
    const peer = await startPeer('express', cluster, 'diary', secret);
    results.express.push(await get(peer.url, round + 1));
    await stop(peer.child);
  }
  const speeds = (key) => results[key].map((result) => result.perSecond);
  for (const [key, what] of [['diary', 'diary, scores of this moment'], ['express', 'Express + pg, stored columns']]) {
    const of = (name) => figure(median(results[key].map((result) => result[name])));
    table.row(what, speeds(key), 'req/s',
      { latency: `${of('p50')} / ${of('p99')}`, ratio: pairedRatio(speeds('diary'), speeds(key)) });
  }
}
