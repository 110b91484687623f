// SPDX-License-Identifier: Apache-2.0
// B. Ratings over HTTP, each stored on disk before its answer: diary beside what the specification's stack implies.

import { segmentCount } from '../city.mjs';
import { figure, median, pairedRatio } from '../figures.mjs';
import { startPeer } from '../peers.mjs';
import { rate } from '../pgbench.mjs';
import { stop } from '../processes.mjs';
import { writeTokens } from '../tokens.mjs';
import { load } from '../wrk.mjs';

const tokenCount = 20_000;
const share = 200_000;   // numbers for one thread of wrk in one run: more than it can use
const warmup_s = 1;
const bareClients = { 32: 32, 128: 64 };   // the cluster takes 100 connections, and diary holds some

const contenders = [
  { key: 'diary', what: 'diary, live scores, quota and audit' },
  { key: 'express', what: 'Express + zod + pg, bare table' },
  { key: 'fastify', what: 'Fastify x2 + ajv + pg, bare table' },
  { key: 'pgbench', what: 'pgbench, the bare INSERT without HTTP' },
];

class Run {
  used = 0;
  answered = 0;   // by diary
  cutOff = 0;     // the most that can have been under way when wrk stopped listening

  constructor(cluster, { url, secret, bare, seconds }) {
    Object.assign(this, { cluster, url, secret, bare, seconds });
    this.tokens = `${cluster.folder}/tokens`;
    writeTokens(this.tokens, secret, tokenCount);
  }

  async post(url, connections, seconds) {
    const base = this.used;
    this.used += 2 * share;
    const result = await load(url, 'rate', [this.tokens, segmentCount, base, share], { connections, seconds });
    if (url === this.url) {
      this.answered += result.answered;
      this.cutOff += connections;
    }
    return result;
  }

  async warmAndPost(url, connections) {
    await this.post(url, connections, warmup_s);
    return this.post(url, connections, this.seconds);
  }

  async measure(key, connections) {
    if (key === 'pgbench') {
      return rate(this.cluster, this.bare, { clients: bareClients[connections], seconds: this.seconds, latency: true });
    }
    if (key === 'diary') return this.warmAndPost(this.url, connections);
    const peer = await startPeer(key, this.cluster, this.bare, this.secret);
    const result = await this.warmAndPost(peer.url, connections);
    await stop(peer.child);
    return result;
  }
}

async function check(cluster, table, run, before) {
  const stored = Number(await cluster.sql('diary', 'SELECT count(*) FROM diary.ratings')) - before;
  const unanswered = stored - run.answered;
  if (unanswered < 0 || unanswered > run.cutOff) {
    throw new Error(`diary answered ${run.answered} ratings and stored ${stored}`);
  }
  const drift = Number(await cluster.sql('diary', 'SELECT count(*) FROM analytics.drift'));
  if (drift !== 0) throw new Error(`${drift} live scores differ from a recount`);
  table.note(`Checked: ${run.answered} ratings answered with success by diary, ${stored} stored; the ${unanswered} more `
    + `were under way when wrk hung up (at most ${run.cutOff}). Live scores against a recount of all: no difference.`);
}

export async function postRatings(cluster, table, { url, secret, bare, rounds, seconds }) {
  table.section('B. POST /diary/ratings, requests per second. Ratio: diary to this one');
  const run = new Run(cluster, { url, secret, bare, seconds });
  const before = Number(await cluster.sql('diary', 'SELECT count(*) FROM diary.ratings'));
  for (const connections of [32, 128]) {
    const results = Object.fromEntries(contenders.map(({ key }) => [key, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (let i = 0; i < contenders.length; i += 1) {
        const { key } = contenders[(i + round) % contenders.length];
        results[key].push(await run.measure(key, connections));
      }
    }
    const speeds = (key) => results[key].map((result) => result.perSecond);
    for (const { key, what } of contenders) {
      const of = (name) => figure(median(results[key].map((result) => result[name])));
      const who = key === 'pgbench' ? `${bareClients[connections]} clients` : `${connections} connections`;
      table.row(`${who}: ${what}`, speeds(key), 'req/s',
        { latency: `${of('p50')} / ${of('p99')}`, ratio: pairedRatio(speeds('diary'), speeds(key)) });
    }
  }
  await check(cluster, table, run, before);
  table.note('pgbench stands in for 128 connections with 64: the cluster takes 100, diary\'s own included.');
}
