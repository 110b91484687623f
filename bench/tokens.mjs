// SPDX-License-Identifier: Apache-2.0
// Access tokens for the run's users, made as the server makes them: nobody has to log in twenty thousand times.

import { createHmac, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { userId } from './cluster.mjs';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function writeTokens(file, secret, count) {
  const head = part({ alg: 'HS256', typ: 'JWT' });
  const iat = Math.floor(Date.now() / 1000);
  const lines = [];
  for (let number = 0; number < count; number += 1) {
    const body = part({
      sub: userId(number), email: `u${number}@bench.example.org`, tier: 'enterprise', iat, exp: iat + 86400,
      jti: randomUUID(),
    });
    lines.push(`${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`);
  }
  writeFileSync(file, lines.join('\n') + '\n', { mode: 0o600 });
}
