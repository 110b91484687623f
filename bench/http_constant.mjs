// SPDX-License-Identifier: Apache-2.0
// The HTTP library alone, which sends the same bytes each time: what a server on it could reach that had no work.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { start } from './processes.mjs';

const program = fileURLToPath(new URL('../build/release/bench/hello/bench_hello', import.meta.url));

// { child, url }
export async function startConstant(folder, content) {
  const file = `${folder}/constant`;
  writeFileSync(file, content);
  const { child, match } = await start(program, [file], { pattern: /^listening on (http:\S+)/ });
  return { child, url: match[1] };
}
