// SPDX-License-Identifier: Apache-2.0
// G. Routes and changed scores beside plain Dijkstra in the same process; routes over HTTP beside the HTTP library's
// constant of the same size.

import { writeFileSync } from 'node:fs';
import { measured as engineRun } from '../cases/routing.mjs';
import { startConstant } from '../http_constant.mjs';
import { stop } from '../processes.mjs';
import { seeded } from '../random.mjs';
import { randomQuestions } from '../random_questions.mjs';
import { route, untilRoutes } from '../routes.mjs';
import { load } from '../wrk.mjs';
import { inTurns, ofTurns } from './turns.mjs';

const runs = 3;             // of bench_routing
const changing_s = 2;
const farthest_km = 10;
const turns = 5;
const asked = 200;
const apart_km = [4.75, 5.25];

// Figures in microseconds, of what bench_routing prints. A path that leads nowhere is a figure that it does not have.
const at = (result, km) => result.distances?.find((one) => one.km === km);
const plain = (result, km) => at(result, km)?.dijkstra_us?.median;
const figures = {
  'G.route_5km': (result) => [plain(result, 5), at(result, 5)?.any_weight_us?.median],
  'G.route_10km': (result) => [plain(result, 10), at(result, 10)?.any_weight_us?.median],
  'G.curve_5km': (result) => [plain(result, 5), at(result, 5)?.curve_us?.median],
  'G.curve_10km': (result) => [plain(result, 10), at(result, 10)?.curve_us?.median],
  'G.change': (result) => [plain(result, 5), result.change?.mean],
  'G.change_batched': (result) => [plain(result, 5), result.batched?.processor_us],
  'G.under_changes': (result) => [result.under_changes?.busy_us?.median, result.under_changes?.quiet_us?.median],
};

export function ratiosOf(results) {
  return Object.fromEntries(Object.entries(figures).map(([name, of]) => {
    const quotients = results.map(of).map(([one, other]) => one / other);
    return [name, quotients.every((value) => value > 0 && Number.isFinite(value)) ? ofTurns(quotients)
      : { missing: 'bench_routing does not report it' }];
  }));
}

export async function routesInProcess(file) {
  const results = [];
  for (let i = 0; i < runs; i += 1) results.push(await engineRun(file, 1, changing_s, farthest_km));
  return ratiosOf(results);
}

// Those that have an answer, and the length of the usual one.
async function answered(cluster, database, url) {
  const questions = await randomQuestions(cluster, database, seeded(1), asked, apart_km);
  await untilRoutes(url, questions[0]);
  const answers = [];
  for (const question of questions) {
    const text = await route(url, question);
    if (text !== undefined) answers.push({ question, text });
  }
  if (answers.length < asked / 2) throw new Error(`only ${answers.length} of ${asked} pairs of places are connected`);
  const lengths = answers.map(({ text }) => text.length).sort((a, b) => a - b);
  return { places: answers.map(({ question }) => question), length: lengths[lengths.length >> 1] };
}

export async function routesOverHttp(cluster, database, url) {
  const { places, length } = await answered(cluster, database, url);
  const file = `${cluster.folder}/guarded_places`;
  writeFileSync(file, places.map(({ origin, destination }) => `${[...origin, ...destination].join(' ')}\n`).join(''));
  const constant = await startConstant(cluster.folder, ' '.repeat(length));
  const speed = (base) => async () =>
    (await load(base, 'routes', [file, false], { connections: 1, threads: 1, seconds: 1 })).perSecond;
  await speed(url)();
  const found = { 'G.http': await inTurns(turns, speed(url), speed(constant.url)) };
  await stop(constant.child);
  return found;
}
