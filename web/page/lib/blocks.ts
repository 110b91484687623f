// SPDX-License-Identifier: Apache-2.0
// A route in four to six blocks of about the same length, each named by the street that it has most of. Fewer segments
// than that are that many blocks.
export interface Part {
  segment_id: string;
  street: string;
  length_m: number;
}
export interface Block {
  street: string;
  segment_ids: string[];
  length_m: number;
}

const fewest = 4;
const most = 6;

export function blocksOf(parts: Part[]): Block[] {
  const runs = parts.filter((part, i) => part.street !== parts[i - 1]?.street).length;
  const count = Math.min(parts.length, Math.max(fewest, Math.min(most, runs)));
  const whole = parts.reduce((sum, part) => sum + part.length_m, 0);
  const blocks: Part[][] = [];
  let at = 0;
  let walked = 0;
  for (let block = 0; block < count; ++block) {
    const mine: Part[] = [];
    const end = (whole * (block + 1)) / count;
    const leave = count - block - 1; // at least one for each block to come
    do {
      const part = parts[at++] as Part;
      mine.push(part);
      walked += part.length_m;
    } while (at < parts.length - leave && (block === count - 1 || walked + (parts[at] as Part).length_m / 2 <= end));
    blocks.push(mine);
  }
  return blocks.map((mine) => {
    const byStreet = new Map<string, number>();
    for (const part of mine) byStreet.set(part.street, (byStreet.get(part.street) ?? 0) + part.length_m);
    const street = [...byStreet].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
    return { street, segment_ids: mine.map((part) => part.segment_id), length_m: mine.reduce((sum, part) => sum + part.length_m, 0) };
  });
}
