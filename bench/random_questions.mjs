// SPDX-License-Identifier: Apache-2.0
// Questions for routes between random places near the streets of a database.

const aside = 5e-4;      // degrees at most from a street's start
const max_weight = 5;

const km = ([a, b], [c, d]) => 111.2 * Math.hypot((a - c) * Math.cos((b * Math.PI) / 180), b - d);

// As bodies of requests. `random`: of a seed (random.mjs); `apart_km`: between which distances, as the crow flies.
export async function randomQuestions(cluster, database, random, count, [least_km, most_km]) {
  const rows = await cluster.sql(database, `SELECT ST_X(p) || ' ' || ST_Y(p) FROM (
    SELECT ST_StartPoint(geometry) AS p FROM diary.segments WHERE access & 3 <> 0 ORDER BY segment_id COLLATE "C") s`);
  const starts = rows.split('\n').map((row) => row.split(' ').map(Number));
  const place = () => starts[Math.floor(random() * starts.length)]
    .map((value) => Number((value + (2 * random() - 1) * aside).toFixed(6)));
  const questions = [];
  while (questions.length < count) {
    const [origin, destination] = [place(), place()];
    const safety_weight = Number((random() * max_weight).toFixed(4));
    const apart_km = km(origin, destination);
    if (apart_km >= least_km && apart_km <= most_km) questions.push({ origin, destination, safety_weight });
  }
  return questions;
}
