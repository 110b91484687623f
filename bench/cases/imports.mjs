// SPDX-License-Identifier: Apache-2.0
// C. The streets of a city from OpenStreetMap, beside osm2pgsql, each into a fresh database on the same cluster.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figure, median } from '../figures.mjs';
import { timed } from '../processes.mjs';

const file = fileURLToPath(new URL('../../../shared/data/porto_r5.osm.pbf', import.meta.url));

export async function imports(cluster, table, { diary, rounds }) {
  table.section('C. Import of Porto (OpenStreetMap PBF), seconds. Ratio: to diary');
  if (!existsSync(file)) {
    table.note('SKIPPED: ../shared/data/porto_r5.osm.pbf, beside the repository, is not there.');
    return;
  }
  let number = 0;
  const fresh = async (act) => {
    number += 1;
    const database = `import_${number}`;
    const measured = await act(database);
    await cluster.sql('postgres', `DROP DATABASE ${database}`);
    return measured;
  };
  const osm2pgsql = (...args) => () => fresh(async (database) => {
    await cluster.sql('postgres', `CREATE DATABASE ${database}`);
    await cluster.sql(database, 'CREATE EXTENSION postgis; CREATE EXTENSION hstore');
    return timed('osm2pgsql', ['-H', cluster.host, '-U', 'postgres', '-d', database, ...args, file]);
  });
  const contenders = [
    ['diary import: walkable streets cut at junctions', () => fresh(async (database) => {
      await cluster.copy('empty', database);
      return timed(diary, ['import', '--database', cluster.url(database), file], { env: cluster.quiet });
    })],
    ['osm2pgsql --create: everything, not cut', osm2pgsql('--create')],
    ['osm2pgsql --create --slim', osm2pgsql('--create', '--slim')],
  ];
  const results = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, [, act]] of contenders.entries()) results[i].push(await act());
  }
  const seconds = results.map((measured) => measured.map((one) => one.seconds));
  for (const [i, [what]] of contenders.entries()) {
    table.row(what, seconds[i], 's', { ratio: `${figure(median(seconds[i]) / median(seconds[0]))}x` });
  }
  const peaks = contenders.map(([what], i) => `${what.split(':')[0]} ${figure(median(results[i].map((one) => one.peakMb)))} MB`);
  table.note(`Peak memory of the process itself: ${peaks.join(', ')}.`);
}
