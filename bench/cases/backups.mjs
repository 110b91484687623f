// SPDX-License-Identifier: Apache-2.0
// F. The whole cluster backed up, the backup tried, the cluster restored; beside them a logical dump and its restore.

import { statSync } from 'node:fs';
import { pairedRatio } from '../figures.mjs';
import { run } from '../processes.mjs';

async function seconds(work) {
  const begin = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

// Last of all: it stops the cluster, puts another in its place and drops every database but `diary`.
export async function backups(cluster, table) {
  await cluster.hold();
  const others = await cluster.sql('postgres',
    "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname NOT IN ('diary', 'postgres') AND NOT datistemplate");
  for (const name of others.split(' ').filter(Boolean)) await cluster.sql('postgres', `DROP DATABASE ${name}`);
  const size = await cluster.sql('diary', "SELECT pg_size_pretty(pg_database_size('diary')) || ', ' || "
    + "(SELECT count(*) FROM diary.ratings) || ' ratings'");
  table.section(`F. Backup and restore of ${size}, seconds. Ratio: to the first`);
  const dump = `${cluster.folder}/diary.dump`;
  const env = cluster.env('diary', 'postgres');
  const rows = [];
  rows.push(['diary backup: all files, compressed, and the log', await seconds(() => cluster.command('backup', '--no-verify'))]);
  rows.push(['diary backup verify: restored, every row and page read', await seconds(() => cluster.command('backup', 'verify'))]);
  rows.push(['pg_dump -Fc', await seconds(() => run('pg_dump', ['-Fc', '-f', dump], { env }))]);
  await cluster.sql('postgres', 'CREATE DATABASE again OWNER diary_owner');
  rows.push(['pg_restore, into an empty database', await seconds(() => run('pg_restore', ['-d', 'again', dump], { env }))]);
  await cluster.sql('postgres', 'DROP DATABASE again');
  const dumped = statSync(dump).size;
  await cluster.release();
  rows.push(['diary restore: to the end of the log, rehearsed', await seconds(() => cluster.command('restore'))]);
  for (const [what, took] of rows) table.row(what, [took], 's', { ratio: pairedRatio([took], [rows[0][1]]) });
  const { out } = await cluster.command('backup', 'list', '--json');
  const [backup] = JSON.parse(out);
  table.note(`Once each. The dump has ${Math.round(dumped / 2 ** 20)} MiB; the backup: ${JSON.stringify(backup)}`);
}
