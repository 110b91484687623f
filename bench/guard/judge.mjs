// SPDX-License-Identifier: Apache-2.0
// Holds measured ratios against kept ones. No files, no clock, nothing measured here.

export const usualTolerance = 0.3;
const rounding = 1e-9;   // of a quotient: what is worse by exactly the tolerance passes

// Of the kept value: 0.3 is 30 % worse, and below 0 it is better.
export const worsening = (value, kept, better) => (better === 'lower' ? value / kept - 1 : 1 - value / kept);

const percent = (share) => `${Math.round(share * 1000) / 10} %`;

function verdict(kept, measured) {
  if (measured.skipped) return { verdict: `skipped: ${measured.skipped}` };
  if (measured.value === undefined) {
    const why = measured.missing ?? 'not measured';
    return kept?.value === undefined ? { verdict: `missing: ${why}` } : { verdict: `MISSING: ${why}`, failed: 'missing' };
  }
  if (kept?.value === undefined) return { verdict: 'not kept yet; --write keeps it' };
  const worse = worsening(measured.value, kept.value, kept.better);
  const tolerance = kept.tolerance ?? usualTolerance;
  if (worse > tolerance + rounding) {
    return { verdict: `WORSE by ${percent(worse)}, ${percent(tolerance)} are allowed`, failed: `${percent(worse)} worse` };
  }
  if (-worse > tolerance) return { verdict: `better by ${percent(-worse)}; --write keeps it` };
  return { verdict: worse > 0 ? `ok, ${percent(worse)} worse` : `ok, ${percent(-worse)} better` };
}

// One for each of `names`; `failed` says how. What is skipped need not be kept.
export function judge(names, kept, measured) {
  return names.map((name) => ({
    name, measured: measured[name]?.value, kept: kept[name]?.value, ...verdict(kept[name], measured[name] ?? {}),
  }));
}

const digits = (value) => (value === undefined ? '-' : `${Number(value.toPrecision(3))}`);

export function lines(judged) {
  const rows = [['ratio', 'measured', 'kept', 'verdict'],
    ...judged.map(({ name, measured, kept, verdict: said }) => [name, digits(measured), digits(kept), said])];
  const width = (i) => Math.max(...rows.map((row) => row[i].length));
  return rows.map(([name, measured, kept, said]) => [
    name.padEnd(width(0)), measured.padStart(width(1)), kept.padStart(width(2)), said].join('  '));
}

// What is said in the end.
export function conclusion(judged, file) {
  const failed = judged.filter((one) => one.failed);
  if (failed.length > 0) {
    return { code: 1, text: `guard: FAILED, worse than ${file} allows: ${failed.map((one) => `${one.name} (${one.failed})`).join(', ')}` };
  }
  const skipped = judged.filter((one) => one.measured === undefined).length;
  return { code: 0, text: `guard: passed, ${judged.length - skipped} ratios held${skipped ? `, ${skipped} not measured` : ''}` };
}
