// SPDX-License-Identifier: Apache-2.0
// Medians, and the one table that they end in.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function figure(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

// Of figures from the same rounds: the median of each round's own ratio, since a slow moment slows both.
export function pairedRatio(values, others) {
  return `${figure(median(values.map((value, i) => value / others[i])))}x`;
}

const spread = (values) => (values.length > 1 ? `${figure(Math.min(...values))} to ${figure(Math.max(...values))}` : '');

export class Table {
  static head = ['what', 'median', 'unit', 'spread', 'p50 / p99 ms', 'ratio'];
  sections = [];

  section(title) { this.sections.push({ title, rows: [], notes: [] }); }

  // `ratio` is a text: what it is a ratio to differs from case to case, and the case's title says it.
  row(what, values, unit, { ratio = '', latency = '' } = {}) {
    const row = [what, figure(median(values)), unit, spread(values), latency, ratio];
    this.sections.at(-1).rows.push(row);
    process.stderr.write(`    ${row.filter(Boolean).join('  ')}\n`);
  }

  note(text) {
    this.sections.at(-1).notes.push(text);
    process.stderr.write(`    ${text}\n`);
  }

  text() {
    const rows = this.sections.flatMap((section) => section.rows);
    const widths = Table.head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
    const right = (i) => i === 1 || i === 5;
    const line = (row) => row.map((cell, i) => (right(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ').trimEnd();
    const out = [line(Table.head), '-'.repeat(widths.reduce((a, b) => a + b + 2, -2))];
    for (const { title, rows: own, notes } of this.sections) {
      out.push(title, ...own.map(line), ...notes.map((note) => `  ${note}`), '');
    }
    return out.join('\n');
  }

  markdown() {
    const line = (row) => `| ${row.join(' | ')} |`;
    const out = [line(Table.head), '| --- | ---: | --- | --- | --- | ---: |'];
    for (const { title, rows } of this.sections) {
      out.push(line([`**${title}**`, '', '', '', '', '']), ...rows.map(line));
    }
    const notes = this.sections.flatMap((section) => section.notes.map((note) => `- ${section.title.slice(0, 1)}: ${note}`));
    return [...out, '', ...notes].join('\n').trimEnd() + '\n';
  }
}
