// SPDX-License-Identifier: Apache-2.0
// C. The streets of a city from OpenStreetMap, beside osm2pgsql, each into a fresh database on the same cluster.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure, median, pairedRatio } from '../figures.mjs';
import { timed } from '../processes.mjs';

export const usualFile = fileURLToPath(new URL('../../../shared/data/porto_r5.osm.pbf', import.meta.url));

export async function imports(cluster, table, { diary, file, rounds }) {
  table.section(`C. Import of ${basename(file)}, seconds. Ratio: to diary`);
  if (!existsSync(file)) {
    table.note(`SKIPPED: ${file} is not there; --pbf FILE names another.`);
    return;
  }
  let number = 0;
  const fresh = async (rows, act) => {
    number += 1;
    const database = `import_${number}`;
    const measured = await act(database);
    measured.rows = Number(await cluster.sql(database, `SELECT ${rows}`));
    await cluster.sql('postgres', `DROP DATABASE ${database}`);
    return measured;
  };
  const segments = '(SELECT count(*) FROM diary.segments)';
  const features = `(SELECT count(*) FROM planet_osm_point) + (SELECT count(*) FROM planet_osm_line)
    + (SELECT count(*) FROM planet_osm_polygon)`;
  const osm2pgsql = (...args) => () => fresh(features, async (database) => {
    await cluster.sql('postgres', `CREATE DATABASE ${database}`);
    await cluster.sql(database, 'CREATE EXTENSION postgis; CREATE EXTENSION hstore');
    return timed('osm2pgsql', ['-H', cluster.host, '-U', 'postgres', '-d', database, ...args, file]);
  });
  const contenders = [
    ['diary import: walkable streets cut at junctions', () => fresh(segments, async (database) => {
      await cluster.copy('empty', database);
      return timed(diary, ['import', '--database', cluster.url(database), file], { env: cluster.quiet });
    })],
    ['diary import of the same city again: nothing to write', () => fresh(segments, async (database) => {
      const load = () => timed(diary, ['import', '--database', cluster.url(database), file], { env: cluster.quiet });
      await cluster.copy('empty', database);
      await load();
      return load();
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
    table.row(`${what}, ${figure(results[i][0].rows)} rows`, seconds[i], 's', { ratio: pairedRatio(seconds[i], seconds[0]) });
  }
  const peaks = contenders.map(([what], i) => `${what.split(':')[0]} ${figure(median(results[i].map((one) => one.peakMb)))} MB`);
  table.note(`Peak memory of the process itself: ${peaks.join(', ')}.`);
}
