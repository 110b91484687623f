// SPDX-License-Identifier: Apache-2.0
// D. Reading the segments of a random box, 100 of about 540, from the same database: diary, its peers, and the HTTP
// library alone, which sends the same bytes each time. And what the city in memory costs: time to load, memory.

import { readFileSync } from 'node:fs';
import os from 'node:os';
import { boxes, segmentCount } from '../city.mjs';
import { figure, median, pairedRatio } from '../figures.mjs';
import { startConstant } from '../http_constant.mjs';
import { startPeer } from '../peers.mjs';
import { start, stop } from '../processes.mjs';
import { load } from '../wrk.mjs';

const connections = 32;
const warmup_s = 1;

const names = {
  diary: 'diary, scores of this moment',
  hello: 'the HTTP library alone, a constant',
  express: 'Express + pg, stored columns',
  fastify: 'Fastify x2 + pg, stored columns',
};

// One answer of diary's, of the usual size.
export async function oneAnswer(url) {
  const { west, south, side } = boxes;
  const box = [west + side, south + side, west + 2 * side, south + 2 * side];
  return (await fetch(`${url}/api/v1/diary/segments?bbox=${box}&limit=100`)).text();
}

// Random boxes of the city; others for each seed.
export const readBoxes = (url, seed, seconds) => load(url, 'boxes', [boxes.west, boxes.south, boxes.reach, boxes.side, seed],
  { connections, seconds });

const memoryMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// From the start of the program to the first 200 of /readyz; memory then.
async function startUp(cluster, database, segments) {
  const begun = performance.now();
  const { child, match } = await start(cluster.diary, ['serve', '--database', cluster.url(database), '--listen', '127.0.0.1:0'], {
    env: { ...cluster.quiet, DIARY_JWT_SECRET: 'x'.repeat(32) }, pattern: /^listening on (http:\S+)/,
  });
  const listening = performance.now() - begun;
  while ((await fetch(`${match[1]}/readyz`)).status !== 200) {
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  const ready = performance.now() - begun;
  const answer = await fetch(`${match[1]}/api/v1/diary/segments?limit=1`);
  const { total } = await answer.json();
  if (total !== segments) throw new Error(`the city has ${total} segments instead of ${segments}`);
  const memory = memoryMb(child.pid);
  await stop(child);
  return { listening, ready, memory };
}

// The same city twice, the second beside the first.
async function doubled(cluster) {
  await cluster.copy('diary', 'twice');
  await cluster.sql('twice', `INSERT INTO diary.segments (segment_id, street, neighborhood, length_m, geometry)
    SELECT 'h' || segment_id, street, neighborhood, length_m, public.ST_Translate(geometry, 0.2, 0) FROM diary.segments`);
  await cluster.settle('twice');
}

async function starts(cluster, table, rounds) {
  await doubled(cluster);
  const results = { empty: [], diary: [], twice: [] };
  const sizes = { empty: 0, diary: segmentCount, twice: 2 * segmentCount };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, size] of Object.entries(sizes)) results[name].push(await startUp(cluster, name, size));
  }
  for (const [name, size] of Object.entries(sizes)) {
    table.row(`start to ready, ${size.toLocaleString('en')} segments`, results[name].map((one) => one.ready), 'ms');
  }
  const memory = (name) => median(results[name].map((one) => one.memory));
  table.row('memory a segment', results.twice.map((one) => (one.memory - memory('empty')) * 2 ** 20 / (2 * segmentCount)), 'bytes');
  table.note(`resident: ${figure(memory('empty'))} MB without segments, ${figure(memory('twice'))} MB with `
    + `${(2 * segmentCount).toLocaleString('en')}`);
}

export async function reads(cluster, table, { url, secret, rounds, seconds }) {
  table.section('D. GET /diary/segments?bbox=&limit=100, 32 connections, requests per second. Ratio: diary to this one');
  const results = { diary: [], hello: [], express: [], fastify: [] };
  const get = async (base, seed) => {
    await readBoxes(base, seed, warmup_s);
    return readBoxes(base, seed, seconds);
  };
  const answer = await oneAnswer(url);
  for (let round = 0; round < rounds; round += 1) {
    results.diary.push(await get(url, round + 1));
    const alone = await startConstant(cluster.folder, answer);
    results.hello.push(await get(alone.url, round + 1));
    await stop(alone.child);
    for (const name of ['express', 'fastify']) {
      const peer = await startPeer(name, cluster, 'diary', secret);
      results[name].push(await get(peer.url, round + 1));
      await stop(peer.child);
    }
  }
  const speeds = (key) => results[key].map((result) => result.perSecond);
  for (const [key, what] of Object.entries(names)) {
    const of = (name) => figure(median(results[key].map((result) => result[name])));
    table.row(what, speeds(key), 'req/s',
      { latency: `${of('p50')} / ${of('p99')}`, ratio: pairedRatio(speeds('diary'), speeds(key)) });
  }
  table.note(`load average at the end ${os.loadavg()[0].toFixed(2)}, the load generator's own included`);
}

export { starts };
