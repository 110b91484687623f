// SPDX-License-Identifier: Apache-2.0
// The guard: measures the ratios that matter, prints them beside those of the file, and fails when one is much worse.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../processes.mjs';
import { elapsed_s, say } from '../progress.mjs';
import { inScratch } from '../scratch.mjs';
import { conclusion, judge, lines } from './judge.mjs';
import { BadFile, keptText, readKept, renewed } from './kept.mjs';
import { measure } from './measure.mjs';
import { caseOf, ratios } from './ratios.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

const shown = (file) => {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
};

// What is to be measured must be in the file, unless it is about to be written.
function kept({ kept: file, write, pbf }, names) {
  if (!existsSync(file)) {
    if (write) return {};
    throw new BadFile('is not there; --write makes it');
  }
  const wanted = write ? [] : names.filter((name) => !ratios[name].map || existsSync(pbf));
  return readKept(readFileSync(file, 'utf8'), ratios, wanted);
}

// The day and the commit; a + behind it when there was more than that.
async function today() {
  const git = async (...args) => (await run('git', args, { cwd: here })).out.trim();
  let commit = 'no commit';
  try {
    commit = await git('rev-parse', '--short', 'HEAD');
    if (await git('status', '--porcelain', '--', ':/', ':(top,exclude)bench/guard.json')) commit += '+';
  } catch { /* not a clone */ }
  return `${new Date().toISOString().slice(0, 10)} ${commit}`;
}

export async function guard(diary, options) {
  const names = Object.keys(ratios).filter((name) => options.only.has(caseOf(name)));
  let before;   // what is kept so far
  try {
    before = kept(options, names);
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    say(`bench: guard: ${shown(options.kept)} ${error.message}`);
    process.exit(2);
  }
  await inScratch(async (folder) => {
    const measured = await measure(diary, folder, options);
    const judged = judge(names, before, measured);
    process.stdout.write(`${lines(judged).join('\n')}\n`);
    const end = options.write ? { code: 0, text: `guard: kept in ${shown(options.kept)}` } : conclusion(judged, shown(options.kept));
    if (options.write) writeFileSync(options.kept, keptText(renewed(before, measured, ratios, await today())));
    process.stdout.write(`${end.text} (${elapsed_s()} s)\n`);
    return end.code;
  });
}
