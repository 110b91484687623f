// SPDX-License-Identifier: Apache-2.0
// The cities that ratings are written to: the lattice, and a real one imported beside it. Each has a database, a copy
// of that without our triggers, and a file of its segments' ids, one a line.

import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { figure } from './figures.mjs';
import { run } from './processes.mjs';

export const nameOf = ({ name, segments }) => `${name}, ${figure(segments)} segments`;

async function ratedCity(cluster, { name, database, bare }) {
  const ids = await cluster.sql(database, 'SELECT segment_id FROM diary.segments ORDER BY segment_id');
  const file = `${cluster.folder}/ids_${database}`;
  writeFileSync(file, `${ids}\n`);
  return { name, database, bare, ids: file, segments: ids.split('\n').length };
}

export const lattice = (cluster, bare) => ratedCity(cluster, { name: 'the lattice', database: 'diary', bare });

// Segments of the lattice are named by number; these are looked up.
async function number(cluster, bare) {
  await cluster.sql(bare, `CREATE SCHEMA bench;
    CREATE TABLE bench.numbered AS
      SELECT row_number() OVER (ORDER BY segment_id)::int AS n, segment_id FROM diary.segments;
    ALTER TABLE bench.numbered ADD PRIMARY KEY (n);
    ANALYZE bench.numbered`, 'diary_owner');
}

// undefined when the file is not there.
export async function realCity(cluster, file, ratings) {
  if (!existsSync(file)) return undefined;
  const [database, bare] = ['real', 'real_bare'];
  await cluster.copy('empty', database);
  await run(cluster.diary, ['import', '--database', cluster.url(database), file], { env: cluster.quiet });
  await cluster.addUsers(database);
  await cluster.synth(database, ratings, 4);
  await cluster.settle(database);
  await cluster.copyBare(database, bare);
  await number(cluster, bare);
  return { ...await ratedCity(cluster, { name: basename(file, '.osm.pbf'), database, bare }), numbered: true };
}
