// SPDX-License-Identifier: Apache-2.0
// The quicker framework, and two processes of it, one for each core of a small machine; otherwise as the Express one.

import cluster from 'node:cluster';
import Fastify from 'fastify';
import { announce, callerOf, insertRating, makePool, port, segmentsInBox } from '../settings.mjs';

const processes = 2;

const ratingSchema = {
  type: 'object',
  required: ['rating_id', 'segment_id', 'rating'],
  additionalProperties: false,
  properties: {
    rating_id: { type: 'string', format: 'uuid' },
    segment_id: { type: 'string', minLength: 1, maxLength: 50 },
    rating: { type: 'integer', minimum: 1, maximum: 5 },
    tags: { type: 'array', maxItems: 5, default: [], items: { type: 'string', minLength: 1, maxLength: 50 } },
    comment: { type: 'string', maxLength: 500 },
    metadata: {
      type: 'object',
      additionalProperties: false,
      properties: {
        device: { enum: ['mobile', 'desktop', 'tablet'] },
        source: { enum: ['recording', 'manual', 'community'] },
      },
    },
  },
};

const pageSchema = {
  type: 'object',
  required: ['bbox'],
  properties: {
    bbox: { type: 'string', pattern: '^-?[0-9.]+(,-?[0-9.]+){3}$' },
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
};

async function work() {
  const pool = makePool(processes);
  const app = Fastify({ logger: false });
  app.post('/api/v1/diary/ratings', { schema: { body: ratingSchema } }, async (request, reply) => {
    const userId = callerOf(request);
    if (userId === undefined) return reply.code(401).send({ error: 'unauthorized' });
    try {
      await insertRating(pool, request.body, userId);
      return reply.code(201).send({
        ...request.body, timestamp: new Date().toISOString(), user_id: userId, status: 'accepted',
      });
    } catch (error) {
      return reply.code(error.code === '23505' ? 409 : 500).send({ error: 'refused' });
    }
  });
  app.get('/api/v1/diary/segments', { schema: { querystring: pageSchema } }, (request) => (
    segmentsInBox(pool, request.query.bbox.split(',').map(Number), request.query.limit)));
  await app.listen({ port, host: '127.0.0.1' });
  process.send(app.server.address());
}

if (cluster.isPrimary) {
  let ready = 0;
  for (let i = 0; i < processes; i += 1) {
    cluster.fork().on('message', (address) => {
      ready += 1;
      if (ready === processes) announce(address);
    });
  }
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM');
    process.exit(0);
  });
} else {
  work();
  process.on('SIGTERM', () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
}
