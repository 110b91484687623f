// SPDX-License-Identifier: Apache-2.0
// routes.mjs CONFIG PLACES ALTERNATES: pedestrian routes in this process, each pair once to warm up and once measured.
// Prints the milliseconds of each as JSON. The answer is left the text that it comes as, without maneuvers.

import { readFileSync } from 'node:fs';
import { Actor } from '@valhallajs/valhallajs';

const [config, places, alternates] = process.argv.slice(2);
const actor = new Actor(readFileSync(config, 'utf8'));
const questions = readFileSync(places, 'utf8').trim().split('\n').map((line) => {
  const [lng1, lat1, lng2, lat2] = line.split(' ').map(Number);
  return JSON.stringify({
    locations: [{ lon: lng1, lat: lat1 }, { lon: lng2, lat: lat2 }],
    costing: 'pedestrian', directions_type: 'none', alternates: Number(alternates),
  });
});
const times = [];
for (let round = 0; round < 2; round += 1) {
  for (const question of questions) {
    const begun = performance.now();
    const answer = await actor.route(question);
    if (round === 1) times.push(performance.now() - begun);
    if (!answer.includes('"shape"')) throw new Error(`no route: ${answer.slice(0, 200)}`);
  }
}
process.stdout.write(`${JSON.stringify(times)}\n`);
