// SPDX-License-Identifier: Apache-2.0
// The server that the schema specification implies: Express, pg, zod, jsonwebtoken; one INSERT in each request, no
// live scores. It does less than diary does: no rolling hour, no quota, no audit, no aggregates.

import express from 'express';
import { z } from 'zod';
import { announce, callerOf, insertRating, makePool, port, segmentsInBox } from '../settings.mjs';

const Rating = z.object({
  rating_id: z.string().uuid(),
  segment_id: z.string().min(1).max(50),
  rating: z.number().int().min(1).max(5),
  tags: z.array(z.string().min(1).max(50)).max(5).default([]),
  comment: z.string().max(500).optional(),
  metadata: z.object({
    device: z.enum(['mobile', 'desktop', 'tablet']).optional(),
    source: z.enum(['recording', 'manual', 'community']).optional(),
  }).strict().optional(),
}).strict();

const BBox = z.string().transform((text) => text.split(',').map(Number))
  .pipe(z.tuple([z.number(), z.number(), z.number(), z.number()]));
const Page = z.object({ bbox: BBox, limit: z.coerce.number().int().min(1).max(1000).default(100) });

const pool = makePool();
const app = express();
app.disable('x-powered-by');
app.use(express.json());

app.post('/api/v1/diary/ratings', async (request, response) => {
  const userId = callerOf(request);
  if (userId === undefined) return response.status(401).json({ error: 'unauthorized' });
  const body = Rating.safeParse(request.body);
  if (!body.success) return response.status(400).json({ error: 'validation_error', errors: body.error.issues });
  try {
    await insertRating(pool, body.data, userId);
    return response.status(201).json({
      ...body.data, timestamp: new Date().toISOString(), user_id: userId, status: 'accepted',
    });
  } catch (error) {
    return response.status(error.code === '23505' ? 409 : 500).json({ error: 'refused' });
  }
});

app.get('/api/v1/diary/segments', async (request, response) => {
  const query = Page.safeParse(request.query);
  if (!query.success) return response.status(400).json({ error: 'validation_error', errors: query.error.issues });
  const { bbox, limit } = query.data;
  try {
    return response.json(await segmentsInBox(pool, bbox, limit));
  } catch {
    return response.status(500).json({ error: 'internal_error' });
  }
});

const server = app.listen(port, '127.0.0.1', () => announce(server.address()));
process.on('SIGTERM', () => process.exit(0));
