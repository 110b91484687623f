// SPDX-License-Identifier: Apache-2.0
// The private cluster of the run: a data folder of diary's, with diary's settings, and databases copied within it.

import { run, start, stop } from './processes.mjs';
import { segmentCount, writeCity } from './city.mjs';

export const userCount = 100_000;
// Users have numbers, so that any client can name them without asking.
export const userId = (number) => `00000000-0000-4000-8000-${100_000_000_000 + number}`;

export class Cluster {
  #holder;

  constructor(diary, folder) {
    this.diary = diary;
    this.data = `${folder}/data`;
    this.folder = folder;
    this.quiet = { DIARY_LOG_LEVEL: 'warn', DATABASE_URL: undefined };
  }

  async command(name, ...args) {
    return run(this.diary, [name, '--data', this.data, ...args], { env: this.quiet });
  }

  // A psql without a task keeps the cluster running, connected to a database that nobody copies.
  async hold() {
    const { child, match } = await start(this.diary, ['psql', '--data', this.data, '-X', '-q'], {
      env: this.quiet, pattern: /^host (\/.*)/, input: '\\c postgres\n\\! echo host "$PGHOST"\n',
    });
    this.#holder = child;
    this.host = match[1];
  }

  // At its input's end psql leaves and diary stops the cluster behind it.
  async release() {
    this.#holder.stdin.end();
    await this.#holder.ended;
  }

  env(database, role = 'diary_owner') {
    return { PGHOST: this.host, PGUSER: role, PGDATABASE: database, PGOPTIONS: '-c client_min_messages=warning' };
  }

  async sql(database, text, role = 'postgres') {
    const { out } = await run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1'], { env: this.env(database, role), input: text });
    return out.trim();
  }

  // A copy file by file; nobody may be connected to the original.
  async copy(from, to) {
    await this.sql('postgres', `CREATE DATABASE ${to} TEMPLATE ${from} OWNER diary_owner STRATEGY file_copy`);
  }

  // The same tables with our triggers off: a bare INSERT, with its indexes, checks and foreign keys.
  async copyBare(from, to) {
    await this.copy(from, to);
    await this.sql(to, 'ALTER TABLE diary.ratings DISABLE TRIGGER USER');
  }

  url(database, role = 'diary_owner') { return `host=${this.host} user=${role} dbname=${database}`; }

  // Loaded with all triggers off and recounted afterwards: four times as fast, and the same state.
  async synth(database, ratings, seed) {
    const url = `host=${this.host} user=postgres dbname=${database} options='-c session_replication_role=replica'`;
    await run(this.diary, ['synth', '--database', url, '--ratings', `${ratings}`, '--seed', `${seed}`], { env: this.quiet });
    await this.sql(database, 'SELECT count(*) FROM analytics.rebuild_segment_state()');
    // What a server would do at leisure in its first minutes: past months go into tables of their own.
    while (await this.sql(database, 'SELECT diary.close_months(100000)') !== '0');
  }

  async rebuild(database) {
    await run(this.diary, ['rebuild', '--database', this.url(database)], { env: this.quiet });
  }

  // The lattice and its people, in `diary`.
  async build() {
    await this.command('migrate');
    await this.hold();
    await this.copy('diary', 'empty');
    this.city = `${this.folder}/city.geojsonl`;
    await writeCity(this.city);
    await this.command('import', this.city);
    await this.addUsers('diary');
    const found = Number(await this.sql('diary', 'SELECT count(*) FROM diary.segments'));
    if (found !== segmentCount) throw new Error(`the city has ${found} segments instead of ${segmentCount}`);
  }

  async addUsers(database) {
    await this.sql(database, `SET session_replication_role = replica;
      INSERT INTO auth.users (user_id, email, password_hash)
      SELECT ('00000000-0000-4000-8000-' || 100000000000 + n)::uuid, 'u' || n || '@bench.example.org', '!'
      FROM generate_series(0, ${userCount - 1}) n`);
  }

  async settle(...databases) {
    for (const database of databases) await this.sql(database, 'VACUUM ANALYZE');
    await this.sql('postgres', 'CHECKPOINT');
  }

  // The server of one database, as the role that it works as.
  async serve(secret, database) {
    const many = '1000000000';
    const { child, match } = await start(this.diary,
      ['serve', '--database', this.url(database, 'diary_app'), '--listen', '127.0.0.1:0'], {
        env: {
          ...this.quiet, DIARY_OWNER_URL: this.url(database), DIARY_JWT_SECRET: secret, DIARY_BCRYPT_COST: '4',
          RATE_LIMIT_MAX_ANONYMOUS: many, RATE_LIMIT_MAX_AUTHENTICATED: many, RATE_LIMIT_MAX_ROUTING_ANONYMOUS: many,
          DIARY_RATINGS_PER_HOUR: many,
        },
        pattern: /^listening on (http:\S+)/,
      });
    this.server = child;
    return match[1];
  }

  // A server that starts on a loaded database first writes all scores and reports: not what is measured.
  async untilIdle() {
    const deadline = Date.now() + 120_000;
    for (let quiet = 0; quiet < 5;) {
      const active = await this.sql('postgres',
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'diary_app' AND state <> 'idle'");
      quiet = active === '0' ? quiet + 1 : 0;
      if (Date.now() > deadline) throw new Error('the server does not come to rest');
      await new Promise((resolve) => { setTimeout(resolve, 300); });
    }
  }

  async stopServing() { await stop(this.server); }

  async version() {
    return (await this.sql('postgres', "SELECT split_part(current_setting('server_version'), ' ', 1)"));
  }
}

