// SPDX-License-Identifier: Apache-2.0
// A. What one rating costs: bare, with the live scores and the audit, on a hot segment, and with a refresh of the view.

import { readFileSync } from 'node:fs';
import { figure, median, pairedRatio } from '../figures.mjs';
import { rate } from '../pgbench.mjs';

const specifiedView = readFileSync(new URL('../sql/specified_view.sql', import.meta.url), 'utf8');
const patience_s = 120;

// The last two wait for no disk: what is left is work, which the disk's moods do not hide.
const variants = (size) => [
  { key: 'bare', what: 'bare INSERT, triggers off', database: size.bare },
  { key: 'live', what: 'live scores and audit, all segments', database: size.live },
  { key: 'hot', what: 'live scores and audit, ONE segment', database: size.live, hot: true },
  { key: 'bare work', what: 'bare INSERT, no wait for the disk', database: size.bare, durable: false },
  { key: 'live work', what: 'live scores and audit, no wait', database: size.live, durable: false },
];
const baseOf = (key) => (key.endsWith('work') ? 'bare work' : 'bare');

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

class Figures {
  #values = new Map();
  add(value, ...key) { this.of(...key).push(value); }
  of(...key) {
    const name = key.join('/');
    if (!this.#values.has(name)) this.#values.set(name, []);
    return this.#values.get(name);
  }
}

// Every round goes over every size and variant, so that noise falls on all alike.
async function gather(cluster, sizes, { rounds, seconds }) {
  const figures = new Figures();
  for (let round = 0; round < rounds; round += 1) {
    for (const clients of [1, 8]) {
      for (const size of sizes) {
        for (const { key, database, hot, durable } of variants(size)) {
          const { perSecond } = await rate(cluster, database, { clients, seconds, hot, durable });
          figures.add(1e6 / perSecond, size.name, clients, key);
        }
      }
    }
    for (const size of sizes) {
      if (round === 0 || size.name !== '10 M') figures.add(await refreshOnce(cluster, size.bare), size.name, 'refresh');
    }
  }
  return figures;
}

// `sizes`: [{ name, live, bare }].
export async function oneRating(cluster, table, sizes, { rounds, seconds, full }) {
  table.section('A. One rating stored, µs (8 clients: between two). Ratio: to the bare INSERT beside it');
  for (const size of sizes) await cluster.sql(size.bare, 'REFRESH MATERIALIZED VIEW analytics.segment_aggregates');
  const figures = await gather(cluster, sizes, { rounds, seconds });

  for (const clients of [1, 8]) {
    for (const size of sizes) {
      for (const { key, what } of variants(size)) {
        const values = figures.of(size.name, clients, key);
        const ratio = pairedRatio(values, figures.of(size.name, clients, baseOf(key)));
        table.row(`${size.name} ratings, ${clients === 1 ? '1 client' : '8 clients'}: ${what}`, values, 'µs', { ratio });
      }
    }
  }
  for (const size of sizes) {
    const values = figures.of(size.name, 'refresh');
    const ratio = pairedRatio(values, figures.of(size.name, 1, 'live'));
    table.row(`${size.name} ratings: the view refreshed, our set-based one`, values, 'µs', { ratio: `${ratio} live` });
  }
  for (const size of full ? sizes.slice(0, 2) : []) {
    const took = await specifiedOnce(cluster, size.bare);
    const least = took ?? patience_s * 1e6;
    table.row(`${size.name} ratings: the view computed as specified${took ? '' : ', STOPPED'}`, [least], 'µs',
      { ratio: `${took ? '' : 'over '}${figure(least / median(figures.of(size.name, 1, 'live')))}x live` });
  }
  const flat = sizes.slice(1).map((size) => `${size.name} to ${sizes[0].name} `
    + pairedRatio(figures.of(size.name, 1, 'live work'), figures.of(sizes[0].name, 1, 'live work')));
  table.note(`Flatness of a rating with live scores (1 client, no wait for the disk): ${flat.join(', ')}.`);
  if (!full) table.note('The view text of the specification itself is tried with --full only.');
}
