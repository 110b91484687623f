// SPDX-License-Identifier: Apache-2.0
// Load over HTTP by wrk: each connection sends its next request when the answer to the last has come.

import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const tolerated = 0.01;   // of all requests may fail; a run with more measures something else

// { perSecond, p50, p99, answered, refused }
export async function load(url, script, args, { connections, seconds, threads = 2 }) {
  const path = fileURLToPath(new URL(`wrk/${script}.lua`, import.meta.url));
  const { out, err } = await run('wrk', [`-t${threads}`, `-c${connections}`, `-d${seconds}`, '--timeout', '10', '-s', path, url, '--',
    ...args.map(String)], { env: { LUA_PATH: `${fileURLToPath(new URL('wrk', import.meta.url))}/?.lua` } });
  const said = /^report (.*)$/m.exec(out);
  if (!said) throw new Error(`${url}: wrk reported nothing\n${out}${err}`);
  const report = JSON.parse(said[1]);
  const bad = report.refused + report.lost;
  if (bad > tolerated * report.requests) {
    throw new Error(`${url}: ${report.refused} of ${report.requests} requests were refused, ${report.lost} lost\n${out}`);
  }
  return { ...report, perSecond: (report.requests - report.refused) / report.seconds, answered: report.requests - report.refused };
}
