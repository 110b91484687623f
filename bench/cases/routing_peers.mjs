// SPDX-License-Identifier: Apache-2.0
// G. The same questions put to diary and to others: pgRouting on the same graph with the same costs, Valhalla on the
// same map, end to end.

import { figure, median, percentile } from '../figures.mjs';
import { routesOfValhalla } from '../peers/valhalla/build.mjs';
import { run } from '../processes.mjs';
import { costsOverHttp } from '../routes.mjs';
import { Streets } from '../streets.mjs';
import { load } from '../wrk.mjs';
import { engine } from './routing.mjs';

const asked = 20;             // pairs of pgRouting's, which takes its time
const margin = 0.02;          // degrees around the pair's box
const tolerance = 1e-4;       // of a cost: the engine counts in centimetres
const warmup_s = 1;

const pgRouting = [
  { what: 'pgr_dijkstra', name: 'pgr_dijkstra', options: '', exact: true },
  { what: 'pgr_aStar', name: 'pgr_aStar', options: ', heuristic => 4', exact: true },
  { what: 'pgr_bdAstar', name: 'pgr_bdAstar', options: ', heuristic => 4', exact: false },
];

const spread = (ms) => {
  const sorted = [...ms].sort((a, b) => a - b);
  return `${figure(percentile(sorted, 0.5))} / ${figure(percentile(sorted, 0.99))}`;
};

async function askPgRouting(streets, { name, options }, within) {
  const out = await streets.sql(
    `SELECT ms || ' ' || COALESCE(cost, 'NaN') FROM bench.ask('${name}', '${options}', ${within ?? 'NULL'}, ${asked}) ORDER BY pair`);
  return out.split('\n').map((line) => {
    const [ms, cost] = line.split(' ').map(Number);
    return { ms, cost };
  });
}

// None at all is another, too.
const differ = (answers, ours) => answers
  .filter(({ cost }, i) => !(Math.abs(cost / ours[i].cost_m - 1) <= tolerance)).length;

async function besidePgRouting(table, streets, rounds) {
  const { out } = await run(engine, [streets.file, '--pairs', streets.pairs, streets.scores, `${streets.weight}`]);
  const ours = JSON.parse(out).slice(0, asked);
  if (ours.includes(null)) throw new Error('the engine finds no way between connected junctions');
  table.section(`G. The same ${asked} pairs of junctions 5 km apart, weight ${streets.weight}, stored costs. `
    + "Ratio: to diary's engine");
  const ours_us = ours.map(({ us }) => us);
  table.row('diary, in process', ours_us, 'µs', { latency: spread(ours_us.map((us) => us / 1000)), ratio: '1.00x' });
  const odd = [];
  for (const [within, where] of [[undefined, 'the whole graph'], [margin, 'only the streets of a box']]) {
    for (const contender of pgRouting) {
      const answers = [];
      for (let round = 0; round < rounds; round += 1) answers.push(await askPgRouting(streets, contender, within));
      const each = ours.map((_, i) => median(answers.map((of) => of[i].ms)));
      const wrong = differ(answers[0], ours);
      if (wrong > 0) {
        odd.push(`${contender.what} on ${where}: ${wrong}`);
        if (contender.exact && within === undefined) throw new Error(`${contender.what} and the engine differ in ${wrong} costs`);
      }
      table.row(`${contender.what}, ${where}`, each.map((ms) => ms * 1000), 'µs',
        { latency: spread(each), ratio: `${figure(median(each.map((ms, i) => ms * 1000 / ours[i].us)))}x` });
    }
  }
  table.note(`Checked: pgr_dijkstra's cost on the whole graph is the engine's for all ${asked} pairs, to ${tolerance} of it. `
    + `Other or no answers elsewhere, of ${asked}: ${odd.join('; ') || 'none'}.`);
  return ours;
}

// Ratings age while the benchmark runs, so the scores are not quite those of the engine's run.
async function sameRoutes(table, url, streets, ours) {
  const costs = await costsOverHttp(url, streets.questions().slice(0, ours.length));
  const off = Math.max(...costs.map((cost, i) => Math.abs(cost / ours[i].cost_m - 1)));
  if (off > 10 * tolerance) throw new Error(`a route costs ${off} of itself more or less over HTTP than in process`);
  table.note(`Checked: ${costs.length} routes over HTTP cost what they do in process, to ${off.toExponential(1)} of it.`);
}

// { p50, p99, perSecond } of each round, by contender.
async function ask(url, streets, rounds, seconds) {
  const contenders = [
    { key: 'one', alternative: false, connections: 1, threads: 1 },
    { key: 'oneWithAlternative', alternative: true, connections: 1, threads: 1 },
    { key: 'many', alternative: false, connections: 32, threads: 2 },
    { key: 'manyWithAlternative', alternative: true, connections: 32, threads: 2 },
  ];
  const results = Object.fromEntries(contenders.map(({ key }) => [key, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { key, alternative, ...how } of contenders) {
      await load(url, 'routes', [streets.places, alternative], { ...how, seconds: warmup_s });
      results[key].push(await load(url, 'routes', [streets.places, alternative], { ...how, seconds }));
    }
  }
  return results;
}

async function endToEnd(table, streets, ours, { rounds, seconds }) {
  table.section('G. Routes of 5 km end to end: places snapped, JSON made. Ratio: Valhalla\'s route to this one');
  const base = await valhallaRows(table, streets);
  const url = await streets.serve(streets.questions()[0]);
  await sameRoutes(table, url, streets, ours);
  const results = await ask(url, streets, rounds, seconds);
  await streets.cluster.stopServing();
  const names = {
    one: '1 connection', oneWithAlternative: '1 connection, with alternative',
    many: '32 connections', manyWithAlternative: '32 connections, with alternative',
  };
  for (const [key, what] of Object.entries(names)) {
    const of = (name) => results[key].map((result) => result[name]);
    table.row(`diary over HTTP, ${what}: ${figure(median(of('perSecond')))} a second`, of('p50'), 'ms', {
      latency: `${figure(median(of('p50')))} / ${figure(median(of('p99')))}`,
      ratio: base === undefined ? '' : `${figure(base / median(of('p50')))}x`,
    });
  }
}

// The median of its routes in milliseconds, if it could be measured.
async function valhallaRows(table, streets) {
  const peer = await routesOfValhalla(streets);
  if (peer.missing) {
    table.note(`Valhalla is NOT MEASURED: ${peer.missing}`);
    return undefined;
  }
  const base = median(peer.route);
  table.row('Valhalla in its own process, without maneuvers', peer.route, 'ms', { latency: spread(peer.route), ratio: '1.00x' });
  table.row('Valhalla, one alternate asked for', peer.alternate, 'ms',
    { latency: spread(peer.alternate), ratio: `${figure(base / median(peer.alternate))}x` });
  table.note(`Valhalla ${peer.version}, pedestrian, one thread, its tiles in one mapped file; `
    + `built from the extract in ${figure(peer.built_s)} s.`);
  return base;
}

export async function besidePeers(cluster, table, { file, rounds, seconds, full }) {
  const streets = new Streets(cluster, file);
  await streets.build();
  const ours = await besidePgRouting(table, streets, full ? 3 : 1);
  await endToEnd(table, streets, ours, { rounds, seconds });
  await streets.drop();
}
