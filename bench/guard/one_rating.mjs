// SPDX-License-Identifier: Apache-2.0
// A. A rating with live scores and audit beside the bare INSERT.

import { rate } from '../pgbench.mjs';
import { inTurns } from './turns.mjs';

const turns = 4;

export async function oneRating(cluster, { live, bare }) {
  const took = (database, how) => async () => 1 / (await rate(cluster, database, { seconds: 1, ...how })).perSecond;
  const found = {};
  for (const clients of [1, 8]) {
    for (const [name, durable] of [['live', true], ['work', false]]) {
      const how = { clients, durable };
      found[`A.${name}_${clients}`] = await inTurns(turns, took(live, how), took(bare, how));
    }
  }
  return found;
}
