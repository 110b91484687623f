// SPDX-License-Identifier: Apache-2.0
// node --test guard_test.mjs: how the benchmark's guard judges, and what it refuses. Measures nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { conclusion, judge, lines } from "../../bench/guard/judge.mjs";
import { BadFile, keptText, readKept, renewed } from "../../bench/guard/kept.mjs";
import { ratios } from "../../bench/guard/ratios.mjs";
import { options } from "../../bench/options.mjs";

const known = {
  "A.time": { what: "a time", better: "lower" },
  "B.speed": { what: "a speed", better: "higher" },
};
const names = Object.keys(known);
const kept = (changes = {}) => ({
  "A.time": { value: 2, better: "lower", ...changes["A.time"] },
  "B.speed": { value: 0.5, better: "higher", ...changes["B.speed"] },
});
const file = (entries) => JSON.stringify({ ratios: entries });
const judged = (time, speed, changes) => judge(names, kept(changes), { "A.time": time, "B.speed": speed });
const verdicts = (...args) => judged(...args).map((one) => one.verdict);
const outcome = (...args) => conclusion(judged(...args), "guard.json");

test("what is as it was passes", () => {
  assert.deepEqual(outcome({ value: 2 }, { value: 0.5 }), { code: 0, text: "guard: passed, 2 ratios held" });
});

test("30 % worse passes, in both directions", () => {
  assert.equal(outcome({ value: 2.6 }, { value: 0.35 }).code, 0);
  for (let cents = 1; cents < 1000; cents += 1) {
    const value = cents / 100;
    const of = (better) => judge(["x"], { x: { value, better } }, { x: { value: value * (better === "lower" ? 1.3 : 0.7) } });
    for (const better of ["lower", "higher"]) assert.equal(conclusion(of(better), "").code, 0, `${value} ${better}`);
  }
});

test("31 % worse fails and is named", () => {
  const slower = outcome({ value: 2.62 }, { value: 0.5 });
  assert.deepEqual(slower, { code: 1, text: "guard: FAILED, worse than guard.json allows: A.time (31 % worse)" });
  assert.deepEqual(outcome({ value: 2 }, { value: 0.345 }),
    { code: 1, text: "guard: FAILED, worse than guard.json allows: B.speed (31 % worse)" });
  assert.match(outcome({ value: 9 }, { value: 0.1 }).text, /A\.time \(350 % worse\), B\.speed \(80 % worse\)$/);
});

test("the direction counts", () => {
  assert.equal(outcome({ value: 1 }, { value: 5 }).code, 0);   // each far better
  assert.deepEqual(verdicts({ value: 1 }, { value: 5 }), ["better by 50 %; --write keeps it", "better by 900 %; --write keeps it"]);
});

test("a tolerance of its own counts instead", () => {
  const wide = { "A.time": { tolerance: 0.5, why: "the disk" } };
  assert.equal(outcome({ value: 3 }, { value: 0.5 }, wide).code, 0);
  assert.match(outcome({ value: 3.02 }, { value: 0.5 }, wide).text, /A\.time \(51 % worse\)/);
  const narrow = { "B.speed": { tolerance: 0.1, why: "it is exact" } };
  assert.match(outcome({ value: 2 }, { value: 0.44 }, narrow).text, /B\.speed \(12 % worse\)/);
});

test("what is skipped is no failure, and is said", () => {
  assert.deepEqual(outcome({ value: 2 }, { skipped: "no map" }),
    { code: 0, text: "guard: passed, 1 ratios held, 1 not measured" });
  assert.equal(verdicts({ value: 2 }, { skipped: "no map" })[1], "skipped: no map");
  assert.equal(outcome({ value: 9 }, { skipped: "no map" }).code, 1);
});

test("a figure that is kept and no longer reported fails", () => {
  const gone = outcome({ value: 2 }, { missing: "bench_routing has no batched" });
  assert.deepEqual(gone, { code: 1, text: "guard: FAILED, worse than guard.json allows: B.speed (missing)" });
  assert.equal(outcome({ value: 2 }, undefined).code, 1);
});

test("a figure that the file calls missing does not fail, there or not", () => {
  const entries = { "A.time": kept()["A.time"], "B.speed": { missing: "no batched", better: "higher" } };
  const of = (speed) => judge(names, entries, { "A.time": { value: 2 }, "B.speed": speed });
  assert.equal(of({ missing: "still none" })[1].verdict, "missing: still none");
  assert.equal(conclusion(of({ missing: "still none" }), "").code, 0);
  assert.equal(of({ value: 3 })[1].verdict, "not kept yet; --write keeps it");
  assert.equal(conclusion(of({ value: 3 }), "").code, 0);
});

test("one line a ratio", () => {
  const [head, time, speed, ...rest] = lines(judged({ value: 2.70001 }, { value: 0.5123 }));
  assert.match(head, /^ratio +measured +kept +verdict$/);
  assert.match(time, /^A\.time +2\.7 +2 +WORSE by 35 %, 30 % are allowed$/);
  assert.match(speed, /^B\.speed +0\.512 +0\.5 +ok, 2\.5 % better$/);
  assert.equal(rest.length, 0);
});

const refused = (text, pattern, wanted = names) =>
  assert.throws(() => readKept(text, known, wanted), (error) => error instanceof BadFile && pattern.test(error.message));

test("files that are refused", () => {
  refused("", /is no JSON/);
  refused("{", /is no JSON/);
  for (const text of ["null", "3", '"a"', "[]", "{}", '{"ratios":[]}', '{"ratios":null}']) refused(text, /no object "ratios"/);
  refused(JSON.stringify({ ratios: kept(), more: 1 }), /unknown field "more"/);
  refused(file({ ...kept(), "Z.other": { value: 1, better: "lower" } }), /unknown ratio Z\.other/);
  refused(file({ "A.time": kept()["A.time"] }), /B\.speed is not in it; --write/);
  const wrong = [
    [{ value: undefined }, /either a value or/], [{ missing: "why" }, /either a value or/],
    [{ value: "2" }, /no number above 0/], [{ value: 0 }, /no number above 0/], [{ value: -1 }, /no number above 0/],
    [{ value: null }, /no number above 0/], [{ better: "higher" }, /must be better "lower"/], [{ better: undefined }, /must be better/],
    [{ tolerance: 0, why: "x" }, /tolerance that is no number/], [{ tolerance: "1", why: "x" }, /tolerance that is no number/],
    [{ tolerance: 0.5 }, /without a "why"/], [{ tolerence: 0.5 }, /unknown field "tolerence"/],
    [{ value: undefined, missing: "" }, /why it is missing/],
  ];
  for (const [change, pattern] of wrong) refused(file(kept({ "A.time": change })), pattern);
  refused(file(kept({ "B.speed": { tolerance: 1, why: "x" } })), /nothing could exceed/);
  refused(file({ ...kept(), "A.time": 3 }), /A\.time is no object/);
});

test("a file without what is not wanted is taken", () => {
  const one = { "A.time": kept()["A.time"] };
  assert.deepEqual(readKept(file(one), known, ["A.time"]), one);
});

test("what is written can be read, and keeps what was not measured", () => {
  const before = kept({ "A.time": { tolerance: 0.5, why: "a disk: \"slow\", it is" }, "B.speed": { from: "then" } });
  const after = renewed(before, { "A.time": { value: 1.23456 }, "B.speed": { skipped: "no map" } }, known, "now");
  assert.deepEqual(readKept(keptText(after), known, names), {
    "A.time": { value: 1.235, better: "lower", from: "now", tolerance: 0.5, why: "a disk: \"slow\", it is" },
    "B.speed": { value: 0.5, better: "higher", from: "then" },
  });
  const gone = renewed(before, { "B.speed": { missing: "no batched" } }, known, "now");
  assert.deepEqual(readKept(keptText(gone), known, names)["B.speed"], { missing: "no batched", better: "higher", from: "now" });
  assert.deepEqual(renewed({}, { "A.time": { value: 1 } }, known, "now"), { "A.time": { value: 1, better: "lower", from: "now" } });
});

test("the committed file is one that is taken", () => {
  const text = readFileSync(new URL("../../bench/guard.json", import.meta.url), "utf8");
  assert.equal(keptText(readKept(text, ratios, Object.keys(ratios))), text);
});

test("options", () => {
  assert.deepEqual([...options(["--guard"]).only], ["A", "B", "C", "D", "G", "H"]);
  assert.deepEqual([...options(["--guard", "--only", "b,D"]).only], ["B", "D"]);
  assert.equal(options([]).only.has("S"), false);
  assert.equal(options(["--full"]).only.has("S"), true);
  const refusals = [
    [["--only", "X"], /X is none of A, B/], [["--only", ""], /none of/], [["--guard", "--only", "E"], /E is none of A, B, C, D, G, H/],
    [["--guard", "--full"], /--full does not go with --guard/], [["--guard", "--out", "x"], /--out does not go/],
    [["--write"], /--write needs --guard/], [["--slowed"], /--slowed needs --guard/], [["--kept", "x"], /--kept needs --guard/],
    [["--guard", "--slowed", "--write"], /no ratios to keep/],
    [["--guard", "--pbf", "/there/lisbon.osm.pbf"], /measured on porto_r5/], [["--gard"], /--gard/],
  ];
  for (const [args, pattern] of refusals) assert.throws(() => options(args), pattern, args.join(" "));
});

// As it is typed; nothing of it comes as far as a measurement.
test("the command refuses a bad file before it measures", () => {
  const folder = mkdtempSync(join(tmpdir(), "guard-test-"));
  const main = fileURLToPath(new URL("../../bench/main.mjs", import.meta.url));
  const run = (...args) => spawnSync(process.execPath, [main, "--guard", ...args], { encoding: "utf8", timeout: 30_000 });
  try {
    const none = run("--kept", join(folder, "none.json"));
    assert.equal(none.status, 2, none.stderr);
    assert.match(none.stderr, /none\.json is not there; --write makes it/);
    writeFileSync(join(folder, "bad.json"), "{");
    for (const more of [[], ["--write"]]) {
      const bad = run("--kept", join(folder, "bad.json"), ...more);
      assert.equal(bad.status, 2, bad.stderr);
      assert.match(bad.stderr, /bad\.json is no JSON/);
    }
    assert.equal(run("--only", "Q").status, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
