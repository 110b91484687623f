// SPDX-License-Identifier: Apache-2.0
// B. Ratings over HTTP, each stored on disk before its answer: diary beside what the specification's stack implies.

import { figure, median, pairedRatio } from '../figures.mjs';
import { startPeer } from '../peers.mjs';
import { rate } from '../pgbench.mjs';
import { stop } from '../processes.mjs';
import { nameOf } from '../rated_city.mjs';
import { writeTokens } from '../tokens.mjs';
import { load } from '../wrk.mjs';

const tokenCount = 20_000;
const shareOfSecond = 20_000;   // numbers for one thread of wrk: more than it can use
const warmup_s = 1;
export const bareClients = { 32: 32, 128: 64 };   // the cluster takes 100 connections, and diary holds some

const contenders = [
  { key: 'diary', what: 'diary, live scores, quota and audit' },
  { key: 'express', what: 'Express + zod + pg, bare table' },
  { key: 'fastify', what: 'Fastify x2 + ajv + pg, bare table' },
  { key: 'pgbench', what: 'pgbench, the bare INSERT without HTTP' },
];

// Ratings posted to the server of one city (rated_city.mjs), and to those that stand beside it.
export class Posting {
  #used = 0;
  answered = 0;   // by diary
  cutOff = 0;     // the most that can have been under way when wrk stopped listening

  constructor(cluster, city, { url, secret }) {
    Object.assign(this, { cluster, city, url, secret });
    this.tokens = `${cluster.folder}/tokens`;
    writeTokens(this.tokens, secret, tokenCount);
  }

  // Of a server's ratings, once; before the first request.
  static async begin(...args) {
    const posting = new Posting(...args);
    posting.before = await posting.#count();
    return posting;
  }

  async post(url, connections, seconds) {
    const base = this.#used;
    const share = shareOfSecond * seconds;
    this.#used += 2 * share;
    const result = await load(url, 'rate', [this.tokens, this.city.ids, base, share], { connections, seconds });
    if (url === this.url) {
      this.answered += result.answered;
      this.cutOff += connections;
    }
    return result;
  }

  async bare(connections, seconds) {
    return rate(this.cluster, this.city.bare, { clients: bareClients[connections], seconds, latency: true, city: this.city });
  }

  async #count() { return Number(await this.cluster.sql(this.city.database, 'SELECT count(*) FROM diary.ratings')); }

  // That nothing was answered and not stored, and that every live score is the one that a recount gives. Says so.
  async check() {
    const stored = await this.#count() - this.before;
    const unanswered = stored - this.answered;
    if (unanswered < 0 || unanswered > this.cutOff) {
      throw new Error(`diary answered ${this.answered} ratings and stored ${stored}`);
    }
    const drift = Number(await this.cluster.sql(this.city.database, 'SELECT count(*) FROM analytics.drift'));
    if (drift !== 0) throw new Error(`${drift} live scores differ from a recount`);
    return `Checked: ${this.answered} ratings answered with success by diary, ${stored} stored; the ${unanswered} more `
      + `were under way when wrk hung up (at most ${this.cutOff}). Live scores against a recount of all: no difference.`;
  }
}

async function warmAndPost(posting, url, connections, seconds) {
  await posting.post(url, connections, warmup_s);
  return posting.post(url, connections, seconds);
}

async function measured(posting, key, connections, seconds) {
  if (key === 'pgbench') return posting.bare(connections, seconds);
  if (key === 'diary') return warmAndPost(posting, posting.url, connections, seconds);
  const peer = await startPeer(key, posting.cluster, posting.city.bare, posting.secret);
  const result = await warmAndPost(posting, peer.url, connections, seconds);
  await stop(peer.child);
  return result;
}

export const title = (where) => `B. POST /diary/ratings on ${where}, requests per second. Ratio: diary to this one`;

export async function postRatings(table, posting, { rounds, seconds }) {
  const { city } = posting;
  table.section(title(nameOf(city)));
  for (const connections of [32, 128]) {
    const results = Object.fromEntries(contenders.map(({ key }) => [key, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (let i = 0; i < contenders.length; i += 1) {
        const { key } = contenders[(i + round) % contenders.length];
        results[key].push(await measured(posting, key, connections, seconds));
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
  table.note(await posting.check());
  if (city.numbered) table.note('pgbench looks up the id of each segment, which takes a few us of its time.');
  table.note('pgbench stands in for 128 connections with 64: the cluster takes 100, diary\'s own included.');
}
