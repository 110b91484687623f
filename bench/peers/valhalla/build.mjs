// SPDX-License-Identifier: Apache-2.0
// Valhalla's tiles of the extract, made in the run's folder by the programs of its npm package, and its routes.

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../processes.mjs';

const routes = fileURLToPath(new URL('routes.mjs', import.meta.url));

async function build(folder, file) {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@valhallajs/valhallajs');
  const { getConfig, VALHALLA_VERSION: version } = require(main);
  const { getBinaryDir } = require(join(dirname(main), 'lib/binary-path'));
  const config = join(folder, 'valhalla.json');
  writeFileSync(config, JSON.stringify(await getConfig({
    tileDir: join(folder, 'valhalla_tiles'), tileExtract: join(folder, 'valhalla_tiles.tar') })));
  const begun = performance.now();
  // It leaves lists of what it finds odd where it is started.
  await run(join(getBinaryDir(dirname(main)), 'valhalla_build_tiles'), ['-c', config, resolve(file)], { cwd: folder });
  await run(join(dirname(main), 'valhalla_build_extract'), ['-c', config]);
  return { config, version, built_s: (performance.now() - begun) / 1000 };
}

// Milliseconds of each pair, with and without one alternate; or { missing }, why there are none.
export async function routesOfValhalla({ cluster, file, places }) {
  try {
    const { config, ...built } = await build(cluster.folder, file);
    // One thread, so one actor: each thread's first route loads everything anew.
    const ask = async (alternates) => JSON.parse((await run(process.execPath, [routes, config, places, `${alternates}`],
      { env: { UV_THREADPOOL_SIZE: '1' } })).out);
    return { ...built, route: await ask(0), alternate: await ask(1) };
  } catch (error) {
    return { missing: error.message.split('\n')[0] };
  }
}
