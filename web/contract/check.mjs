// SPDX-License-Identifier: Apache-2.0
// node check.mjs DOCUMENT RECORDING...: prints what was seen and what is wrong with it; fails when anything is. A
// recording is JSON lines, one exchange each; one that is missing or empty is wrong too.
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";

import { Contract } from "./contract.mjs";

const shown = 50;
const [documentPath, ...recordings] = process.argv.slice(2);
if (recordings.length === 0) throw new Error("usage: node check.mjs DOCUMENT RECORDING...");
const contract = new Contract(JSON.parse(readFileSync(documentPath, "utf8")));
const faults = new Map(); // what -> how often
const note = (fault) => faults.set(fault, (faults.get(fault) ?? 0) + 1);

for (const fault of contract.document.wrongExamples()) note(fault);
for (const recording of recordings) {
  const before = contract.exchanges;
  if (existsSync(recording)) {
    for await (const line of createInterface({ input: createReadStream(recording), crlfDelay: Infinity })) {
      const exchange = JSON.parse(line);
      if (exchange.full) note(`${basename(recording)} is full: not all exchanges were recorded`);
      else for (const fault of contract.check(exchange)) note(fault);
    }
  }
  if (contract.exchanges === before) note(`${basename(recording)} holds no exchange`);
}
for (const fault of contract.unseen()) note(fault);

for (const [operation, statuses] of [...contract.seen].sort())
  console.log(`${operation}  ${[...statuses].sort().map(([status, times]) => `${status}: ${times}`).join(", ")}`);
console.log(`${contract.exchanges} exchanges in ${recordings.length} recordings; ${contract.cut} bodies too large to be looked into`);
if (contract.unknown.size > 0) console.log(`sent, not documented and ignored: ${[...contract.unknown].sort().join(", ")}`);
if (faults.size > 0) {
  console.error(`\n${faults.size} things are not as documented:`);
  for (const [fault, times] of [...faults].slice(0, shown)) console.error(`  ${fault}${times > 1 ? ` (${times} times)` : ""}`);
  if (faults.size > shown) console.error(`  and ${faults.size - shown} more`);
  process.exit(1);
}
