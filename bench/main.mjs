// SPDX-License-Identifier: Apache-2.0
// The order of a run: build one cluster, measure on it, print, stop all, leave nothing behind.

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backups } from './cases/backups.mjs';
import { imports, usualFile } from './cases/imports.mjs';
import { oneRating } from './cases/one_rating.mjs';
import { postRatings } from './cases/post_ratings.mjs';
import { reads, starts } from './cases/reads.mjs';
import { reports } from './cases/reports.mjs';
import { routing } from './cases/routing.mjs';
import { besidePeers } from './cases/routing_peers.mjs';
import { tilesInProcess, tilesOverHttp } from './cases/tiles.mjs';
import { Cluster } from './cluster.mjs';
import { Table } from './figures.mjs';
import { versions } from './peers.mjs';
import { run, stopAll } from './processes.mjs';

const diary = fileURLToPath(new URL('../build/release/diary', import.meta.url));

const begun = Date.now();
const elapsed_s = () => Math.round((Date.now() - begun) / 1000);
const say = (text) => process.stderr.write(`${String(elapsed_s()).padStart(4)} s  ${text}\n`);
const loads = () => os.loadavg().map((value) => value.toFixed(2)).join(' ');

function options() {
  try {
    const { values } = parseArgs({
      options: {
        full: { type: 'boolean', default: false },
        only: { type: 'string', default: 'A,B,C,D,E,F,G,H' },
        out: { type: 'string' },
        pbf: { type: 'string', default: usualFile },
      },
    });
    return { ...values, only: new Set(values.only.toUpperCase().split(',')) };
  } catch (error) {
    say(`bench: ${error.message}; --help says what there is`);
    process.exit(2);
  }
}

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

// The sizes of A. `diary` itself ends with a million ratings: B and D are measured on it.
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
  const rounds = full ? 7 : 3;
  const seconds = full ? 5 : 1;
  say('building the city');
  await cluster.build();
  table.machine = await machine(cluster);
  const withRatings = ['A', 'B', 'D', 'E', 'F', 'H'].some((name) => only.has(name));
  const sizes = withRatings ? await fill(cluster, { only, full }) : [];
  say('measuring');
  if (only.has('A')) await oneRating(cluster, table, sizes, { rounds, seconds, full });
  if (only.has('E')) {
    const large = sizes.filter((size) => size.name !== '100 k');
    await reports(cluster, table, large, { rounds, duration: seconds + 1, full });
  }
  if (only.has('C')) await imports(cluster, table, { diary, file: pbf, rounds });
  if (only.has('G') && await routing(table, { file: pbf, full })) {
    await besidePeers(cluster, table, { file: pbf, rounds, seconds: seconds + 1, full });
  }
  if (only.has('H')) await tilesInProcess(cluster, table, rounds);
  await cluster.release();
  if (['B', 'D', 'H'].some((name) => only.has(name))) await served(cluster, table, { only, secret, rounds, seconds });
  if (only.has('F')) await backups(cluster, table);
}

async function served(cluster, table, { only, secret, rounds, seconds }) {
  const url = await cluster.serve(secret);
  await cluster.untilIdle();
  if (only.has('B')) await postRatings(cluster, table, { url, secret, bare: 'bare_1m', rounds, seconds: seconds + 1 });
  if (only.has('D')) await reads(cluster, table, { url, secret, rounds, seconds: seconds + 1 });
  if (only.has('H')) await tilesOverHttp(table, { url, rounds, seconds: seconds + 1 });
  await cluster.stopServing();
  if (only.has('D')) await starting(cluster, table, rounds);
}

// On copies, without the server: nobody may be connected to what is copied.
async function starting(cluster, table, rounds) {
  await cluster.hold();
  await starts(cluster, table, rounds);
  await cluster.release();
}

const wanted = options();
const folder = mkdtempSync(`${os.tmpdir()}/diary-bench-`);
chmodSync(folder, 0o755);   // PostgreSQL, another user when root runs this, must be able to pass through

async function leave(code) {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
let leaving = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (leaving) return;
    leaving = true;
    say(`bench: ${signal}, stopping`);
    void leave(130);
  });
}

try {
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
  await leave(0);
} catch (error) {
  if (!leaving) {
    leaving = true;
    say(`bench: ${error.message}`);
    await leave(1);
  }
}
