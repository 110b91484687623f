// SPDX-License-Identifier: Apache-2.0
// Everything that the benchmark starts goes through here, so that it can all be stopped, however the benchmark ends.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const running = new Set();

function launch(command, args, options) {
  const child = spawn(command, args, options);
  child.recent = '';
  child.stderr?.on('data', (data) => { child.recent = (child.recent + data).slice(-4000); });
  child.ended = new Promise((resolve) => {
    child.once('error', (error) => { child.recent += error.message; resolve(-1); });
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  running.add(child);
  child.ended.then(() => running.delete(child));
  return child;
}

// Runs to the end; what it printed. Throws unless it exits 0.
export async function run(command, args, { env, input, cwd } = {}) {
  const child = launch(command, args, { env: { ...process.env, ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (data) => { out += data; });
  child.stdin.on('error', () => {});   // it need not read all, or anything
  child.stdin.end(input ?? '');
  const code = await child.ended;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ended with ${code}\n${child.recent}`);
  return { out, err: child.recent };
}

// Starts what goes on running, and waits for a line on its stdout that `pattern` matches.
export async function start(command, args, { env, pattern, input } = {}) {
  const child = launch(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  if (input) child.stdin.write(input);
  const lines = createInterface({ input: child.stdout });
  const answer = new Promise((resolve) => {
    lines.on('line', (line) => {
      const match = pattern.exec(line);
      if (match) resolve(match);
    });
  });
  const match = await Promise.race([answer, child.ended]);
  if (!Array.isArray(match)) throw new Error(`${command}: ended with ${match} before it was ready\n${child.recent}`);
  return { child, match };
}

// Asks it to end, and waits. Insists after half a minute.
export async function stop(child) {
  if (!running.has(child)) return;
  child.stdin?.end();
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await child.ended;
  clearTimeout(insist);
}

// The last started first: clients before the database that they use.
export async function stopAll() {
  for (const child of [...running].reverse()) await stop(child);
}

// Runs under GNU time; seconds and the peak of memory of the process itself, not of the database it talks to.
export async function timed(command, args, options) {
  const { err } = await run('/usr/bin/time', ['-f', '\nmeasured %e %M', command, ...args], options);
  const match = /measured ([\d.]+) (\d+)\s*$/.exec(err);
  return { seconds: Number(match[1]), peakMb: Number(match[2]) / 1024 };
}

