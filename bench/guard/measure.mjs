// SPDX-License-Identifier: Apache-2.0
// Measures the guard's ratios, each in turns with what it is held against, on one small cluster. How many turns is what
// keeps the noise of a ratio well under what the guard allows; all of it together takes under four minutes.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Cluster } from '../cluster.mjs';
import { figure } from '../figures.mjs';
import { start, stop } from '../processes.mjs';
import { say } from '../progress.mjs';
import { lattice, realCity } from '../rated_city.mjs';
import { imports } from './imports.mjs';
import { oneRating } from './one_rating.mjs';
import { ratios } from './ratios.mjs';
import { routesInProcess, routesOverHttp } from './routing.mjs';
import { postRatings, reads } from './serving.mjs';
import { tilesInProcess, tilesOverHttp } from './tiles.mjs';

const ratings = 100_000;
const slower = fileURLToPath(new URL('slow.mjs', import.meta.url));

class Guarded {
  found = {};   // by name: { value, turns }, { skipped } or { missing }
  #secret = randomBytes(32).toString('hex');

  constructor(cluster, { only, pbf, slowed }) {
    Object.assign(this, { cluster, pbf, slowed, has: (...names) => names.some((name) => only.has(name)) });
    this.map = existsSync(pbf);
    if (!this.map) for (const name of Object.keys(ratios)) if (ratios[name].map) this.found[name] = { skipped: `${pbf} is not there` };
  }

  add(measured) {
    Object.assign(this.found, measured);
    for (const [name, { value, turns, missing }] of Object.entries(measured)) {
      say(`  ${name}: ${missing ?? `${figure(value)} (${turns.map(figure).join(' ')})`}`);
    }
  }

  // work(url, secret)
  async serving(database, work) {
    const url = await this.cluster.serve(this.#secret, database);
    await this.cluster.untilIdle();
    const helper = this.slowed
      && await start(process.execPath, [slower, `${this.cluster.server.pid}`], { pattern: /^slowing$/ });
    await work(url, this.#secret);
    if (helper) await stop(helper.child);
    await this.cluster.stopServing();
  }
}

async function onLattice(guarded) {
  const { cluster, has } = guarded;
  if (!has('A', 'B', 'D', 'H')) return;
  await cluster.synth('diary', ratings, 1);
  await cluster.settle('diary');
  if (has('A', 'B')) await cluster.copyBare('diary', 'bare');
  if (has('A')) guarded.add(await oneRating(cluster, { live: 'diary', bare: 'bare' }));
  if (has('H')) guarded.add(await tilesInProcess(cluster));
  if (!has('B', 'D', 'H')) return;
  await guarded.serving('diary', async (url, secret) => {
    if (has('D')) guarded.add(await reads(cluster, url));
    if (has('H')) guarded.add(await tilesOverHttp(cluster, url));
    if (has('B')) guarded.add(await postRatings(cluster, await lattice(cluster, 'bare'), { url, secret, name: 'lattice' }));
  });
}

async function onMap(guarded) {
  const { cluster, has, pbf, map } = guarded;
  if (!map) return;
  if (has('C')) guarded.add(await imports(cluster, pbf));
  if (has('G')) guarded.add(await routesInProcess(pbf));
  if (!has('B', 'G')) return;
  say('building the real city');
  const city = await realCity(cluster, pbf, ratings);
  await guarded.serving(city.database, async (url, secret) => {
    if (has('G')) guarded.add(await routesOverHttp(cluster, city.database, url));
    if (has('B')) guarded.add(await postRatings(cluster, city, { url, secret, name: 'porto' }));
  });
}

export async function measure(diary, folder, options) {
  const cluster = new Cluster(diary, folder);
  const guarded = new Guarded(cluster, options);
  say('building the city');
  await cluster.build();
  say('measuring');
  await onLattice(guarded);
  await onMap(guarded);
  await cluster.release();
  return guarded.found;
}
