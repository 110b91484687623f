// SPDX-License-Identifier: Apache-2.0
// E. The database's own work on all the ratings: the three reports beside the specification's text, the live scores of
// a box, the recount of everything.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boxes } from '../city.mjs';
import { figure, median, pairedRatio } from '../figures.mjs';
import { run } from '../processes.mjs';

const sql = (name) => readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), 'utf8');
const liveBox = fileURLToPath(new URL('../sql/live_box.sql', import.meta.url));
const side = 0.0223;       // degrees: about 1,000 segments of the lattice
const patience_s = 120;
const views = [
  { name: 'segment_aggregates', printed: sql('specified_view') },
  { name: 'trend_daily', printed: sql('specified_trend') },
  { name: 'coverage_grid', printed: sql('specified_coverage') },
];

async function seconds(work) {
  const begin = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

const refresh = (cluster, database, view) =>
  seconds(() => cluster.sql(database, `REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.${view}`));

// undefined when it had to be stopped.
async function asPrinted(cluster, database, text) {
  try {
    return await seconds(() => cluster.sql(database, `SET statement_timeout = '${patience_s}s';\n${text}`));
  } catch (error) {
    if (!/statement timeout/.test(error.message)) throw error;
    return undefined;
  }
}

async function boxLatency(cluster, database, duration) {
  const args = ['-n', '-M', 'prepared', '-f', liveBox, '-c', '1', '-T', `${duration}`, '-D', `west=${boxes.west}`,
    '-D', `south=${boxes.south}`, '-D', `side=${side}`, '-D', `reach_e6=${Math.floor((boxes.reach - side) * 1e6)}`];
  const env = cluster.env(database, 'diary_app');
  const { out } = await run('pgbench', args, { env });
  return Number(/latency average = ([\d.]+)/.exec(out)[1]);
}

// `sizes`: [{ name, live }], the smallest first.
export async function reports(cluster, table, sizes, { rounds, duration, full }) {
  table.section('E. Reports and live reads. Ratio: to the smaller size beside it, or the printed text to ours');
  const times = new Map(sizes.map(({ name }) => [name, { rebuild: [], box: [], ...Object.fromEntries(views.map((v) => [v.name, []])) }]));
  for (const { live } of sizes) await cluster.sql(live, sql('routes'));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, live } of sizes) {
      const of = times.get(name);
      if (round === 0 || name !== '10 M') {   // which takes minutes
        for (const view of views) of[view.name].push(await refresh(cluster, live, view.name));
      }
      await cluster.sql(live, 'SELECT analytics.advance_windows(100000)');   // as a server does each second
      of.box.push(await boxLatency(cluster, live, duration));
      if (round === 0 || !full) of.rebuild.push(await seconds(() => cluster.rebuild(live)));
    }
  }
  const first = times.get(sizes[0].name);
  const rows = [
    ...views.map((view) => [view.name, `refresh of ${view.name}, s`, 's']),
    ['box', 'live scores of a box of 1,000 segments', 'ms'],
    ['rebuild', 'diary rebuild: every sum counted anew', 's'],
  ];
  for (const [key, what, unit] of rows) {
    for (const { name } of sizes) {
      table.row(`${name} ratings: ${what}`, times.get(name)[key], unit, { ratio: pairedRatio(times.get(name)[key], first[key]) });
    }
  }
  for (const { name, live } of sizes) {
    for (const view of views) {
      const took = await asPrinted(cluster, live, view.printed);
      const ours = median(times.get(name)[view.name]);
      table.row(`${name} ratings: ${view.name} as printed${took ? '' : ', STOPPED'}`, [took ?? patience_s], 's',
        { ratio: `${took ? '' : 'over '}${figure((took ?? patience_s) / ours)}x ours` });
    }
  }
}
