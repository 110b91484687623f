// SPDX-License-Identifier: Apache-2.0
// B and D. What the server does over HTTP beside the database's and the HTTP library's own limits.

import { oneAnswer, readBoxes } from '../cases/reads.mjs';
import { Posting } from '../cases/post_ratings.mjs';
import { startConstant } from '../http_constant.mjs';
import { stop } from '../processes.mjs';
import { inTurns } from './turns.mjs';

const postTurns = 5;
const readTurns = 9;

export async function postRatings(cluster, city, { url, secret, name }) {
  const posting = await Posting.begin(cluster, city, { url, secret });
  const found = {};
  await posting.post(url, 32, 1);   // pools and plans
  for (const connections of [32, 128]) {
    found[`B.${name}_${connections}`] = await inTurns(postTurns,
      async () => (await posting.post(url, connections, 1)).perSecond,
      async () => (await posting.bare(connections, 1)).perSecond);
  }
  await posting.check();
  return found;
}

export async function reads(cluster, url) {
  const constant = await startConstant(cluster.folder, await oneAnswer(url));
  const speed = (base) => async (turn) => (await readBoxes(base, turn + 1, 1)).perSecond;
  await speed(url)(-1);
  const found = { 'D.reads': await inTurns(readTurns, speed(url), speed(constant.url)) };
  await stop(constant.child);
  return found;
}
