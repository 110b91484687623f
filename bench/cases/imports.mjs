// SPDX-License-Identifier: Apache-2.0
// C. The streets of a city from OpenStreetMap, beside osm2pgsql, each into a fresh database on the same cluster.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { figure, median, pairedRatio } from '../figures.mjs';
import { timed } from '../processes.mjs';

const database = 'imported';
const segments = '(SELECT count(*) FROM diary.segments)';
const features = `(SELECT count(*) FROM planet_osm_point) + (SELECT count(*) FROM planet_osm_line)
  + (SELECT count(*) FROM planet_osm_polygon)`;

// { seconds, peakMb, rows }
async function counted(cluster, rows, timing) {
  const measured = await timing;
  measured.rows = Number(await cluster.sql(database, `SELECT ${rows}`));
  await cluster.sql('postgres', `DROP DATABASE ${database}`);
  return measured;
}

const load = (cluster, file) =>
  timed(cluster.diary, ['import', '--database', cluster.url(database), file], { env: cluster.quiet });

export async function byDiary(cluster, file) {
  await cluster.copy('empty', database);
  return counted(cluster, segments, load(cluster, file));
}

async function byDiaryAgain(cluster, file) {
  await cluster.copy('empty', database);
  await load(cluster, file);
  return counted(cluster, segments, load(cluster, file));
}

export const byOsm2pgsql = (...args) => async (cluster, file) => {
  await cluster.sql('postgres', `CREATE DATABASE ${database}`);
  await cluster.sql(database, 'CREATE EXTENSION postgis; CREATE EXTENSION hstore');
  return counted(cluster, features, timed('osm2pgsql', ['-H', cluster.host, '-U', 'postgres', '-d', database, ...args, file]));
};

export async function imports(cluster, table, { file, rounds }) {
  table.section(`C. Import of ${basename(file)}, seconds. Ratio: to diary`);
  if (!existsSync(file)) {
    table.note(`SKIPPED: ${file} is not there; --pbf FILE names another.`);
    return;
  }
  const contenders = [
    ['diary import: walkable streets cut at junctions', byDiary],
    ['diary import of the same city again: nothing to write', byDiaryAgain],
    ['osm2pgsql --create: everything, not cut', byOsm2pgsql('--create')],
    ['osm2pgsql --create --slim', byOsm2pgsql('--create', '--slim')],
  ];
  const results = contenders.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, [, act]] of contenders.entries()) results[i].push(await act(cluster, file));
  }
  const seconds = results.map((measured) => measured.map((one) => one.seconds));
  for (const [i, [what]] of contenders.entries()) {
    table.row(`${what}, ${figure(results[i][0].rows)} rows`, seconds[i], 's', { ratio: pairedRatio(seconds[i], seconds[0]) });
  }
  const peaks = contenders.map(([what], i) => `${what.split(':')[0]} ${figure(median(results[i].map((one) => one.peakMb)))} MB`);
  table.note(`Peak memory of the process itself: ${peaks.join(', ')}.`);
}
