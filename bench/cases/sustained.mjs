// SPDX-License-Identifier: Apache-2.0
// S. A minute of ratings from 128 connections, and whether all of it is right afterwards: every score, and the routes of
// the server that took them.

import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { figure } from '../figures.mjs';
import { run } from '../processes.mjs';
import { seeded } from '../random.mjs';
import { randomQuestions } from '../random_questions.mjs';
import { nameOf } from '../rated_city.mjs';
import { costsOverHttp, untilRoutes } from '../routes.mjs';
import { engine } from './routing.mjs';

const connections = 128;
const minute_s = 60;
const routes = 1_000;
const apart_km = [0, 9.9];   // the server's limit is 10
// The server moves its scores as time does every five seconds and the database says those of its now(): in the seconds
// between, a score of four weeks' ratings moves by 4e-6 at most. An answer has two digits: half a centimetre.
const tolerance = { share: 2e-5, m: 0.0051 };

// What plain Dijkstra finds on the streets of `map` at the scores of this moment.
async function costsByDijkstra(posting, map, questions) {
  const { cluster, city } = posting;
  const scores = `${cluster.folder}/scores_now`;
  const asked = `${cluster.folder}/questions`;
  writeFileSync(asked, questions.map(({ origin, destination, safety_weight: weight }) =>
    `${[...origin, ...destination, weight].join(' ')}\n`).join(''));
  writeFileSync(scores, `${await cluster.sql(city.database,
    "SELECT segment_id || ' ' || decayed_mean FROM analytics.segment_live")}\n`);
  const { out } = await run(engine, [map, '--questions', asked, scores]);
  return JSON.parse(out);
}

const differs = (one, other) => (one === undefined || other === null
  ? one !== undefined || other !== null
  : Math.abs(one - other) > tolerance.share * other + tolerance.m);

async function checkRoutes(posting, map) {
  const seed = randomInt(2 ** 31);
  const questions = await randomQuestions(posting.cluster, posting.city.database, seeded(seed), routes, apart_km);
  await untilRoutes(posting.url, questions[0]);
  const ours = await costsOverHttp(posting.url, questions);
  const theirs = await costsByDijkstra(posting, map, questions);
  const wrong = questions.map((question, i) => ({ question, http: ours[i], dijkstra: theirs[i] }))
    .filter(({ http, dijkstra }) => differs(http, dijkstra));
  if (wrong.length > 0) {
    throw new Error(`${wrong.length} of ${routes} routes (seed ${seed}) do not cost what Dijkstra finds: ${JSON.stringify(wrong[0])}`);
  }
  const off = Math.max(...ours.map((cost, i) => (theirs[i] > 100 ? Math.abs(cost / theirs[i] - 1) : 0)));
  const none = ours.filter((cost) => cost === undefined).length;
  return `Checked: ${routes} random routes over HTTP (seed ${seed}), weights in [0, 5], cost what plain Dijkstra finds in process `
    + `at the scores of the database, to ${off.toExponential(1)} of it; for ${none} neither finds a way.`;
}

export const title = (where) => `S. POST /diary/ratings for ${minute_s} s on ${where}, requests per second`;

// `map`: the file that the city was imported from.
export async function sustained(table, posting, map) {
  const { city, cluster, url } = posting;
  table.section(title(nameOf(city)));
  const { perSecond, p50, p99 } = await posting.post(url, connections, minute_s);
  table.row(`${connections} connections: diary, live scores, quota and audit`, [perSecond], 'req/s',
    { latency: `${figure(p50)} / ${figure(p99)}` });
  await cluster.untilIdle();
  table.note(await posting.check());
  table.note(await checkRoutes(posting, map));
}
