// SPDX-License-Identifier: Apache-2.0
// What both peers share, so that they differ only in their framework: the pool, the statement, the token's check.

import jwt from 'jsonwebtoken';
import pg from 'pg';

const secret = process.env.DIARY_JWT_SECRET;
export const port = Number(process.env.PORT ?? 0);

// Each process of a peer gets its share of the twenty connections, as diary has twenty in all.
export function makePool(share = 1) {
  return new pg.Pool({
    host: process.env.PGHOST,
    user: process.env.PGUSER,
    database: process.env.PGDATABASE,
    max: Math.max(1, Math.floor(20 / share)),
  });
}

// Specification 6.3, prepared once in each connection.
export function insertRating(pool, rating, userId) {
  return pool.query({
    name: 'insert_rating',
    text: `INSERT INTO diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, device, source)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (rating_id) DO NOTHING`,
    values: [
      rating.rating_id, rating.segment_id, userId, rating.rating, rating.tags, rating.comment ?? null,
      rating.metadata?.device ?? null, rating.metadata?.source ?? null,
    ],
  });
}

// Specification 7.1, with the total that the API promises; the page and the total are asked for side by side.
const inBox = 'FROM diary.segments WHERE ST_Intersects(geometry, ST_MakeEnvelope($1, $2, $3, $4, 4326))';

// bbox: four numbers.
export async function segmentsInBox(pool, bbox, limit) {
  const [page, total] = await Promise.all([
    pool.query({
      name: 'page',
      text: `SELECT segment_id, street, neighborhood, length_m::float8, ST_AsGeoJSON(geometry, 7)::json AS geometry,
                    decayed_mean::float8, n_eff::float8, confidence::float8, top_tags, delta_30d::float8,
                    updated_at AS last_updated
             ${inBox} ORDER BY segment_id LIMIT $5`,
      values: [...bbox, limit],
    }),
    pool.query({ name: 'total', text: `SELECT count(*)::int AS total ${inBox}`, values: bbox }),
  ]);
  return { segments: page.rows, total: total.rows[0].total, limit, offset: 0 };
}

// The user of the request's token, or undefined.
export function callerOf(request) {
  const header = request.headers.authorization ?? '';
  if (!header.startsWith('Bearer ')) return undefined;
  try {
    return jwt.verify(header.slice(7), secret, { algorithms: ['HS256'] }).sub;
  } catch {
    return undefined;
  }
}

export function announce(address) {
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
}
