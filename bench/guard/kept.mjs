// SPDX-License-Identifier: Apache-2.0
// The file of kept ratios: one line a ratio, read and written. Refuses whatever it does not know.
//   value, better ("lower" or "higher"), from (date and commit that it was measured at); or
//   missing: why there is no value. Optional: tolerance (instead of the usual 0.3) and why it differs.

const fields = ['value', 'better', 'from', 'missing', 'tolerance', 'why'];

const byHand = ['tolerance', 'why'];

export class BadFile extends Error {}

const isAbove0 = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;
const isText = (value) => typeof value === 'string' && value !== '';

function problemsOf(name, entry, ratio) {
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return ['is no object'];
  const problems = Object.keys(entry).filter((field) => !fields.includes(field)).map((field) => `has an unknown field "${field}"`);
  if ('value' in entry === 'missing' in entry) problems.push('needs either a value or "missing"');
  if ('value' in entry && !isAbove0(entry.value)) problems.push('has a value that is no number above 0');
  if ('missing' in entry && !isText(entry.missing)) problems.push('does not say why it is missing');
  if (entry.better !== ratio.better) problems.push(`must be better "${ratio.better}"`);
  if ('tolerance' in entry && !isAbove0(entry.tolerance)) problems.push('has a tolerance that is no number above 0');
  if (entry.tolerance >= 1 && ratio.better === 'higher') problems.push('has a tolerance that nothing could exceed');
  if ('tolerance' in entry && !isText(entry.why)) problems.push('has a tolerance of its own without a "why"');
  return problems;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadFile(`is no JSON: ${error.message}`);
  }
}

// By name. Every name must be known, and every one of `wanted` there.
export function readKept(text, known, wanted) {
  const { ratios: kept, ...others } = parsed(text) ?? {};
  if (kept === null || typeof kept !== 'object' || Array.isArray(kept)) throw new BadFile('has no object "ratios"');
  const problems = Object.keys(others).map((field) => `an unknown field "${field}"`);
  for (const [name, entry] of Object.entries(kept)) {
    if (!Object.hasOwn(known, name)) problems.push(`an unknown ratio ${name}`);
    else problems.push(...problemsOf(name, entry, known[name]).map((problem) => `${name} ${problem}`));
  }
  for (const name of wanted) {
    if (!Object.hasOwn(kept, name)) problems.push(`${name} is not in it; --write keeps what is measured`);
  }
  if (problems.length > 0) throw new BadFile(problems.join('; '));
  return kept;
}

const rounded = (value) => Number(value.toPrecision(4));

// `kept` with what was measured instead; what was skipped or not asked for stays as it is.
export function renewed(kept, measured, known, from) {
  const all = {};
  for (const [name, { better }] of Object.entries(known)) {
    const before = kept[name];
    const now = measured[name];
    const own = Object.fromEntries(Object.entries(before ?? {}).filter(([field]) => byHand.includes(field)));
    if (now?.value !== undefined) all[name] = { value: rounded(now.value), better, from, ...own };
    else if (now?.missing) all[name] = { missing: now.missing, better, from, ...own };
    else if (before) all[name] = before;
  }
  return all;
}

const line = (entry) => `{ ${Object.entries(entry)
  .map(([field, value]) => `${JSON.stringify(field)}: ${JSON.stringify(value)}`).join(', ')} }`;

export function keptText(kept) {
  const all = Object.entries(kept).map(([name, entry]) => `    ${JSON.stringify(name)}: ${line(entry)}`);
  return `{\n  "ratios": {\n${all.join(',\n')}\n  }\n}\n`;
}
