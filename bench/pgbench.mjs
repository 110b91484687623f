// SPDX-License-Identifier: Apache-2.0
// Ratings by pgbench: each of its clients counts through users and hours of its own, so that the rule of one rating
// an hour never refuses one and both kinds of tables get the same work.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';
import { segmentCount } from './city.mjs';
import { userCount } from './cluster.mjs';
import { percentile } from './figures.mjs';

const script = (name) => fileURLToPath(new URL(`sql/${name}.sql`, import.meta.url));
// Of the count, for one client in one second: more than it can do, and so few that the ratings stay of the last day,
// as people's are: older ones are held against closed months as well.
const shareOfSecond = 8_000;
const used = new Map();  // of the count, by database

// { perSecond, p50, p99 } in milliseconds; the latter two only with `latency`. `city`: another than the lattice.
export async function rate(cluster, database, { clients, seconds, hot = false, durable = true, latency = false, city }) {
  const share = shareOfSecond * seconds;
  const base = used.get(database) ?? 0;
  used.set(database, base + clients * share);
  const folder = mkdtempSync(`${cluster.folder}/pgbench-`);
  const args = ['-n', '-M', 'prepared', '-f', script(city?.numbered ? 'rate_numbered' : 'rate'), '-c', `${clients}`, '-j', clients > 1 ? '2' : '1', '-T', `${seconds}`,
    '-D', 'i=0', '-D', `base=${base}`, '-D', `share=${share}`, '-D', `users=${userCount}`,
    '-D', `segments=${hot ? 1 : city?.segments ?? segmentCount}`, ...(latency ? ['-l', '--log-prefix=log'] : [])];
  const env = cluster.env(database);
  if (!durable) env.PGOPTIONS += ' -c synchronous_commit=off';
  const { out } = await run('pgbench', args, { env, cwd: folder });
  const perSecond = Number(/tps = ([\d.]+)/.exec(out)[1]);
  const failed = Number(/number of failed transactions: (\d+)/.exec(out)?.[1] ?? 0);
  if (failed > 0) throw new Error(`pgbench on ${database}: ${failed} inserts failed`);
  const answer = { perSecond };
  if (latency) {
    const times = readdirSync(folder).flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n')
      .map((line) => Number(line.split(' ')[2]) / 1000));
    times.sort((a, b) => a - b);
    Object.assign(answer, { p50: percentile(times, 0.5), p99: percentile(times, 0.99) });
  }
  rmSync(folder, { recursive: true });
  return answer;
}
