// SPDX-License-Identifier: Apache-2.0
// A real city's streets in a database of their own, with ratings, and questions about them that are put to everyone:
// diary's engine in process and over HTTP, pgRouting, Valhalla.

import { readFileSync, writeFileSync } from 'node:fs';
import { run } from './processes.mjs';
import { untilRoutes } from './routes.mjs';

const setUp = readFileSync(new URL('sql/pgrouting.sql', import.meta.url), 'utf8');
const database = 'streets';
const ratings = 200_000;
const secret = 'x'.repeat(32);

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

  // The server's address, once it answers routes.
  async serve(question) {
    const url = await this.cluster.serve(secret, database);
    await untilRoutes(url, question);
    return url;
  }

  async drop() { await this.cluster.sql('postgres', `DROP DATABASE ${database}`); }
}
