// SPDX-License-Identifier: Apache-2.0
// A. What one rating costs: bare, with the live scores and the audit, on a hot segment, and with a refresh of the view.

import { readFileSync } from 'node:fs';
import { median, figure } from '../figures.mjs';
import { rate } from '../pgbench.mjs';

const specifiedView = readFileSync(new URL('../sql/specified_view.sql', import.meta.url), 'utf8');
const patience_s = 120;

const variants = (size) => [
  { key: 'bare', what: 'bare INSERT, triggers off', database: size.bare },
  { key: 'live', what: 'live scores and audit, over all segments', database: size.live },
  { key: 'hot', what: 'live scores and audit, all on ONE segment', database: size.live, hot: true },
];

async function refreshOnce(cluster, database) {
  const begin = process.hrtime.bigint();
  await cluster.sql(database, 'REFRESH MATERIALIZED VIEW CONCURRENTLY analytics.segment_aggregates');
  return Number(process.hrtime.bigint() - begin) / 1000;
}

async function specifiedOnce(cluster, database) {
  const begin = process.hrtime.bigint();
  try {
    await cluster.sql(database, `SET statement_timeout = '${patience_s}s';\n${specifiedView}`);
  } catch (error) {
    if (!/statement timeout/.test(error.message)) throw error;
    return undefined;
  }
  return Number(process.hrtime.bigint() - begin) / 1000;
}

// `sizes`: [{ name, live, bare }]. Every round goes over every size and variant, so that noise falls on all alike.
export async function oneRating(cluster, table, sizes, { rounds, seconds, full }) {
  table.section('A. One rating stored, µs (8 clients: time between two). Ratio: to the bare INSERT on as many ratings');
  const figures = new Map();
  const keep = (key, value) => figures.set(key, [...(figures.get(key) ?? []), value]);
  for (const size of sizes) await cluster.sql(size.bare, 'REFRESH MATERIALIZED VIEW analytics.segment_aggregates');
  for (let round = 0; round < rounds; round += 1) {
    for (const clients of [1, 8]) {
      for (const size of sizes) {
        for (const { key, database, hot } of variants(size)) {
          const { perSecond } = await rate(cluster, database, { clients, seconds, hot });
          keep(`${size.name} ${clients} ${key}`, 1e6 / perSecond);
        }
      }
    }
    for (const size of sizes) keep(`${size.name} refresh`, await refreshOnce(cluster, size.bare));
  }

  for (const clients of [1, 8]) {
    for (const size of sizes) {
      const bare = median(figures.get(`${size.name} ${clients} bare`));
      for (const { key, what } of variants(size)) {
        const values = figures.get(`${size.name} ${clients} ${key}`);
        table.row(`${size.name} ratings, ${clients === 1 ? '1 client' : '8 clients'}: ${what}`, values, 'µs',
          { ratio: `${figure(median(values) / bare)}x` });
      }
    }
  }
  for (const size of sizes) {
    const live = median(figures.get(`${size.name} 1 live`));
    const values = figures.get(`${size.name} refresh`);
    table.row(`${size.name} ratings: the view refreshed, our set-based one`, values, 'µs',
      { ratio: `${figure(median(values) / live)}x live` });
  }
  for (const size of full ? sizes.slice(0, 2) : []) {
    const live = median(figures.get(`${size.name} 1 live`));
    const took = await specifiedOnce(cluster, size.bare);
    table.row(`${size.name} ratings: the view computed as specified${took ? '' : ', STOPPED'}`, [took ?? patience_s * 1e6],
      'µs', { ratio: `${took ? '' : 'over '}${figure((took ?? patience_s * 1e6) / live)}x live` });
  }
  const live = sizes.map((size) => median(figures.get(`${size.name} 1 live`)));
  table.note(`Flatness: with live scores, 1 client, a rating costs ${sizes.map((size, i) =>
    `${figure(live[i])} µs on ${size.name}`).join(', ')}: ${figure(live.at(-1) / live[0])}x.`);
  if (!full) table.note('The specification\'s own view text is tried with --full only.');
}
