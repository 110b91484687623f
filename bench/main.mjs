// SPDX-License-Identifier: Apache-2.0
// The order of a run: build one cluster, measure on it, print, stop all, leave nothing behind.

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { backups } from './cases/backups.mjs';
import { imports } from './cases/imports.mjs';
import { oneRating } from './cases/one_rating.mjs';
import { Posting, postRatings, title as ofRatings } from './cases/post_ratings.mjs';
import { reads, starts } from './cases/reads.mjs';
import { reports } from './cases/reports.mjs';
import { routing } from './cases/routing.mjs';
import { besidePeers } from './cases/routing_peers.mjs';
import { sustained, title as ofMinute } from './cases/sustained.mjs';
import { tilesInProcess, tilesOverHttp } from './cases/tiles.mjs';
import { Cluster } from './cluster.mjs';
import { Table } from './figures.mjs';
import { guard } from './guard/main.mjs';
import { options } from './options.mjs';
import { versions } from './peers.mjs';
import { run } from './processes.mjs';
import { elapsed_s, say } from './progress.mjs';
import { lattice, realCity } from './rated_city.mjs';
import { inScratch } from './scratch.mjs';

const diary = fileURLToPath(new URL('../build/release/diary', import.meta.url));

const realRatings = 1_000_000;   // as many as on the lattice

const loads = () => os.loadavg().map((value) => value.toFixed(2)).join(' ');

async function machine(cluster) {
  const cpu = os.cpus();
  const peers = await versions();
  const { out } = await run('stat', ['-f', '-c', '%T', cluster.folder]);
  return [
    `${cpu.length} cores (${cpu[0].model.trim()}), ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${os.release()}, `
      + `database on ${out.trim()}`,
    `PostgreSQL ${await cluster.version()}, diary's own settings, fsync on; Node ${process.versions.node}, `
      + `${Object.entries(peers).map(([name, version]) => `${name} ${version}`).join(', ')}`,
  ];
}

// The sizes of A. `diary` itself ends with a million ratings: B, D and S are measured on it.
async function fill(cluster, { only, full }) {
  const sizes = [];
  const add = async (name, live, bare, seed, ratings) => {
    say(`  ${name} ratings`);
    await cluster.synth(live, ratings, seed);
    say(`  ${name} ratings, without triggers`);
    await cluster.copyBare(live, bare);
    sizes.push({ name, live, bare });
  };
  if (only.has('A')) {
    await cluster.copy('diary', 'live_100k');
    await add('100 k', 'live_100k', 'bare_100k', 1, 100_000);
  }
  await add('1 M', 'diary', 'bare_1m', 2, 1_000_000);
  if ((only.has('A') || only.has('E')) && full) {
    await cluster.copy('diary', 'live_10m');
    await add('10 M', 'live_10m', 'bare_10m', 3, 9_000_000);
  }
  say('  vacuum and checkpoint');
  await cluster.settle(...sizes.flatMap(({ live, bare }) => [live, bare]));
  return sizes;
}

async function measure(cluster, table, { only, full, pbf }) {
  const secret = randomBytes(32).toString('hex');
  const rounds = full ? 5 : 3;
  const seconds = full ? 3 : 1;
  say('building the city');
  await cluster.build();
  table.machine = await machine(cluster);
  const withRatings = ['A', 'B', 'D', 'E', 'F', 'H', 'S'].some((name) => only.has(name));
  const sizes = withRatings ? await fill(cluster, { only, full }) : [];
  say('measuring');
  if (only.has('A')) await oneRating(cluster, table, sizes, { rounds, seconds, full });
  if (only.has('E')) {
    const large = sizes.filter((size) => size.name !== '100 k');
    await reports(cluster, table, large, { rounds, duration: seconds + 1, full });
  }
  if (only.has('C')) await imports(cluster, table, { file: pbf, rounds });
  if (only.has('G') && await routing(table, { file: pbf, full })) {
    await besidePeers(cluster, table, { file: pbf, rounds, seconds: seconds + 1, full });
  }
  if (only.has('H')) await tilesInProcess(cluster, table, rounds);
  if (['B', 'D', 'H', 'S'].some((name) => only.has(name))) await served(cluster, table, { only, secret, rounds, seconds });
  if (only.has('D')) await starts(cluster, table, rounds);
  if (only.has('B') || only.has('S')) await realServed(cluster, table, { only, secret, rounds, seconds, pbf });
  await cluster.release();
  if (only.has('F')) await backups(cluster, table);
}

async function served(cluster, table, { only, secret, rounds, seconds }) {
  const url = await cluster.serve(secret, 'diary');
  await cluster.untilIdle();
  const posting = await Posting.begin(cluster, await lattice(cluster, 'bare_1m'), { url, secret });
  if (only.has('B')) await postRatings(table, posting, { rounds, seconds: seconds + 1 });
  if (only.has('D')) await reads(cluster, table, { url, secret, rounds, seconds: seconds + 1 });
  if (only.has('H')) await tilesOverHttp(table, { url, rounds, seconds: seconds + 1 });
  if (only.has('S')) await sustained(table, posting, cluster.city);
  await cluster.stopServing();
}

async function realServed(cluster, table, { only, secret, rounds, seconds, pbf }) {
  say('building a real city');
  const city = await realCity(cluster, pbf, realRatings);
  if (!city) {
    for (const title of [...only.has('B') ? [ofRatings] : [], ...only.has('S') ? [ofMinute] : []]) {
      table.section(title('a real city'));
      table.note(`SKIPPED: ${pbf} is not there; --pbf FILE names another.`);
    }
    return;
  }
  const url = await cluster.serve(secret, city.database);
  await cluster.untilIdle();
  const posting = await Posting.begin(cluster, city, { url, secret });
  if (only.has('B')) await postRatings(table, posting, { rounds, seconds: seconds + 1 });
  if (only.has('S')) await sustained(table, posting, pbf);
  await cluster.stopServing();
}

async function table(wanted, folder) {
  const table = new Table();
  const before = loads();
  await measure(new Cluster(diary, folder), table, wanted);
  const top = [
    ...table.machine,
    `${wanted.full ? 'full' : 'quick'} run of ${elapsed_s()} s; load average ${before} before, `
      + `${loads()} after`,
    'Machines are noisy and shared: trust the ratios, which were measured side by side, more than the figures.',
  ];
  process.stdout.write(`${top.join('\n')}\n\n${table.text()}\n`);
  if (wanted.out) writeFileSync(wanted.out, `${top.map((line) => `- ${line}`).join('\n')}\n\n${table.markdown()}`);
  return 0;
}

function asked() {
  try {
    return options(process.argv.slice(2));
  } catch (error) {
    say(`bench: ${error.message}; --help says what there is`);
    process.exit(2);
  }
}

const wanted = asked();
if (wanted.guard) await guard(diary, wanted);
else await inScratch((folder) => table(wanted, folder));
