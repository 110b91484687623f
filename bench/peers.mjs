// SPDX-License-Identifier: Apache-2.0
// Starting the peers. They run only while they are measured: idle ones would hold connections of the cluster's 100.

import { fileURLToPath } from 'node:url';
import { start } from './processes.mjs';

export const versions = async () => {
  const { readFile } = await import('node:fs/promises');
  const { dependencies } = JSON.parse(await readFile(new URL('peers/package.json', import.meta.url)));
  return dependencies;
};

// { child, url }
export async function startPeer(name, cluster, database, secret) {
  const { child, match } = await start(process.execPath, [fileURLToPath(new URL(`peers/${name}/server.mjs`, import.meta.url))], {
    env: { ...cluster.env(database), DIARY_JWT_SECRET: secret, PORT: '0', NODE_ENV: 'production' },
    pattern: /^listening on (http:\S+)/,
  });
  return { child, url: match[1] };
}
