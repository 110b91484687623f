// SPDX-License-Identifier: Apache-2.0
// A real city's streets in a database of their own, with ratings, and questions about them that are put to everyone:
// diary's engine in process and over HTTP, pgRouting, Valhalla.

import { readFileSync, writeFileSync } from 'node:fs';
import { run, start, stop } from './processes.mjs';

const setUp = readFileSync(new URL('sql/pgrouting.sql', import.meta.url), 'utf8');
const database = 'streets';
const ratings = 200_000;
const many = '1000000000';

async function post(url, question) {
  const response = await fetch(`${url}/api/v1/routing/calculate`,
    { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(question) });
  return { status: response.status, text: await response.text() };
}

// What the server says the routes cost.
export async function costsOverHttp(url, questions) {
  const costs = [];
  for (const question of questions) {
    const { status, text } = await post(url, question);
    if (status !== 200) throw new Error(`POST /routing/calculate: ${status} ${text}`);
    costs.push(JSON.parse(text).primary.cost_score);
  }
  return costs;
}

export class Streets {
  weight = 0.5;   // of the API's usual mode

  constructor(cluster, file) {
    Object.assign(this, { cluster, file });
    this.pairs = `${cluster.folder}/pairs`;      // two junctions a line
    this.places = `${cluster.folder}/places`;    // the same as longitudes and latitudes
    this.scores = `${cluster.folder}/scores`;    // a segment and its score a line
  }

  async build() {
    const { cluster } = this;
    await cluster.copy('empty', database);
    await run(cluster.diary, ['import', '--database', cluster.url(database), this.file], { env: cluster.quiet });
    await cluster.synth(database, ratings, 7);
    await cluster.settle(database);
    await this.sql(`\\set weight ${this.weight}\n${setUp}`);
    const save = async (file, query) => writeFileSync(file, `${await this.sql(query)}\n`);
    await save(this.pairs, "SELECT source || ' ' || target FROM bench.pairs ORDER BY pair");
    await save(this.places, "SELECT concat_ws(' ', lng1, lat1, lng2, lat2) FROM bench.pairs ORDER BY pair");
    await save(this.scores, "SELECT segment_id || ' ' || score FROM bench.streets");
  }

  // As bodies of requests.
  questions() {
    return readFileSync(this.places, 'utf8').trim().split('\n').map((line) => {
      const [lng1, lat1, lng2, lat2] = line.split(' ').map(Number);
      return { origin: [lng1, lat1], destination: [lng2, lat2], safety_weight: this.weight };
    });
  }

  async sql(text) { return this.cluster.sql(database, text); }

  // { child, url }, once it answers routes: the graph is built after the start. undefined: it knows no routes.
  async serve(question) {
    const { child, match } = await start(this.cluster.diary,
      ['serve', '--database', this.cluster.url(database), '--listen', '127.0.0.1:0'], {
        env: { ...this.cluster.quiet, DIARY_JWT_SECRET: 'x'.repeat(32), RATE_LIMIT_MAX_ANONYMOUS: many,
          RATE_LIMIT_MAX_ROUTING_ANONYMOUS: many },
        pattern: /^listening on (http:\S+)/,
      });
    const url = match[1];
    const deadline = Date.now() + 120_000;
    for (;;) {
      const { status, text } = await post(url, question);
      if (status === 200) return { child, url };
      if (status !== 503 || Date.now() > deadline) throw new Error(`POST /routing/calculate: ${status} ${text}`);
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }

  async drop() { await this.cluster.sql('postgres', `DROP DATABASE ${database}`); }
}
