// SPDX-License-Identifier: Apache-2.0
// What is under way, told on stderr with the seconds since the start.

// No clock that could be set.
export const elapsed_s = () => Math.round(performance.now() / 1000);
export const say = (text) => process.stderr.write(`${String(elapsed_s()).padStart(4)} s  ${text}\n`);
