// SPDX-License-Identifier: Apache-2.0
// The folder of a run. It goes, and all that was started stops, however the run ends.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { stopAll } from './processes.mjs';
import { say } from './progress.mjs';

// Exits with what `work` returns; 1 when it throws, 130 when a signal came.
export async function inScratch(work) {
  const folder = mkdtempSync(`${os.tmpdir()}/diary-bench-`);
  chmodSync(folder, 0o755);   // PostgreSQL, another user when root runs this, must be able to pass through
  let leaving = false;
  const leave = async (code, why) => {
    if (leaving) return;
    leaving = true;
    if (why) say(`bench: ${why}`);
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void leave(130, `${signal}, stopping`));
  try {
    await leave(await work(folder));
  } catch (error) {
    await leave(1, error.message);
  }
}
