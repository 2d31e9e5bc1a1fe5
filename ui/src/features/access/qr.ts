/**
 * QR codes (ISO/IEC 18004), drawn here so that no secret goes to a foreign service: bytes, error correction level M,
 * versions 1 to 20. That is 666 characters, many more than an enrolment address has.
 */
export type Modules = boolean[][];

/** By version: error correction codewords in a block, and blocks, both for level M (table 9). */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0, (_x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

type Layout = { version: number; size: number; dark: Modules; isFixed: Modules };

/** Rows of modules, true is dark; no quiet zone. Without a mask the one with the least penalty is chosen. */
export function qrModules(text: string, mask?: number): Modules {
  const bytes = [...new TextEncoder().encode(text)];
  const version = BLOCKS.findIndex((_blocks, index) => headBits(index + 1) + 8 * bytes.length <= 8 * dataCodewords(index + 1)) + 1;
  if (version === 0) throw new Error('too long for a QR code');
  const layout = fixedParts(version);
  place(layout, interleaved(version, encoded(version, bytes)));
  const candidates = mask === undefined ? MASKS.map((_rule, index) => masked(layout, index)) : [masked(layout, mask)];
  return candidates.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

const headBits = (version: number) => 4 + (version < 10 ? 8 : 16);
const dataCodewords = (version: number) => allCodewords(version) - CORRECTION[version - 1]! * BLOCKS[version - 1]!;

function allCodewords(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const rows = Math.floor(version / 7) + 2;
    modules -= (25 * rows - 10) * rows - 55;
  }
  return Math.floor((version >= 7 ? modules - 36 : modules) / 8);
}

function encoded(version: number, bytes: number[]): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => { for (let at = length - 1; at >= 0; at -= 1) bits.push((value >>> at) & 1); };
  put(0b0100, 4);
  put(bytes.length, headBits(version) - 4);
  for (const byte of bytes) put(byte, 8);
  const capacity = 8 * dataCodewords(version);
  put(0, Math.min(4, capacity - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Array.from({ length: bits.length / 8 }, (_, at) => bits.slice(8 * at, 8 * at + 8).reduce((sum, bit) => 2 * sum + bit, 0));
}

/** In the field of 256 elements with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((b >>> bit) & 1) * a);
  return product;
}

/** The remainder of a block by the generator of this degree (Reed and Solomon). */
function correctionOf(block: number[], degree: number): number[] {
  let generator = [1];
  for (let at = 0, root = 1; at < degree; at += 1, root = times(root, 2)) {
    generator = [...generator, 0].map((value, index) => value ^ times(generator[index - 1] ?? 0, root));
  }
  const rest = Array<number>(degree).fill(0);
  for (const codeword of block) {
    const factor = codeword ^ rest.shift()!;
    rest.push(0);
    for (let at = 0; at < degree; at += 1) rest[at]! ^= times(generator[at + 1]!, factor);
  }
  return rest;
}

function interleaved(version: number, data: number[]): number[] {
  const count = BLOCKS[version - 1]!;
  const short = Math.floor(data.length / count);
  const firstLong = count - (data.length % count);
  let from = 0;
  const blocks = Array.from({ length: count }, (_, index) => data.slice(from, from += short + (index >= firstLong ? 1 : 0)));
  const corrections = blocks.map((block) => correctionOf(block, CORRECTION[version - 1]!));
  const columns = (rows: number[][]) => Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, at) => rows.flatMap((row) => row[at] ?? [])).flat();
  return [...columns(blocks), ...columns(corrections)];
}

function fixedParts(version: number): Layout {
  const size = 4 * version + 17;
  const grid = () => Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const layout: Layout = { version, size, dark: grid(), isFixed: grid() };
  for (let at = 0; at < size; at += 1) { fix(layout, at, 6, at % 2 === 0); fix(layout, 6, at, at % 2 === 0); }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) square(layout, x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const places = alignments(version);
  const last = places.length - 1;
  places.forEach((y, row) => places.forEach((x, column) => {
    const isFinder = (row === 0 && column === 0) || (row === 0 && column === last) || (row === last && column === 0);
    if (!isFinder) square(layout, x, y, 2, (ring) => ring !== 1);
  }));
  writeFormat(layout, 0);
  writeVersion(layout);
  return layout;
}

function alignments(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => 4 * version + 10 - step * (count - 2 - at))];
}

function fix({ dark, isFixed, size }: Layout, x: number, y: number, isDark: boolean): void {
  if (x < 0 || y < 0 || x >= size || y >= size) return;
  dark[y]![x] = isDark;
  isFixed[y]![x] = true;
}

function square(layout: Layout, x: number, y: number, radius: number, isDark: (ring: number) => boolean): void {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) fix(layout, x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
  }
}

/** The value followed by its remainder (Bose, Chaudhuri and Hocquenghem). */
function withRemainder(value: number, bits: number, generator: number): number {
  let rest = value;
  for (let at = 0; at < bits; at += 1) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * generator);
  return (value << bits) | rest;
}

function writeFormat(layout: Layout, mask: number): void {
  const { size } = layout;
  const bits = withRemainder(mask, 10, 0x537) ^ 0x5412; // level M is 00
  const bit = (at: number) => ((bits >>> at) & 1) === 1;
  for (let at = 0; at < 15; at += 1) {
    if (at < 6) fix(layout, 8, at, bit(at));
    else if (at < 8) fix(layout, 8, at + 1, bit(at));
    else if (at === 8) fix(layout, 7, 8, bit(at));
    else fix(layout, 14 - at, 8, bit(at));
    if (at < 8) fix(layout, size - 1 - at, 8, bit(at)); else fix(layout, 8, size - 15 + at, bit(at));
  }
  fix(layout, 8, size - 8, true);
}

function writeVersion(layout: Layout): void {
  if (layout.version < 7) return;
  const bits = withRemainder(layout.version, 12, 0x1f25);
  for (let at = 0; at < 18; at += 1) {
    const isDark = ((bits >>> at) & 1) === 1;
    const [near, far] = [Math.floor(at / 3), layout.size - 11 + (at % 3)];
    fix(layout, far, near, isDark);
    fix(layout, near, far, isDark);
  }
}

/** Two columns at a time, from the right, up and down in turn; the vertical timing line is passed over. */
function place(layout: Layout, codewords: number[]): void {
  let at = 0;
  for (let right = layout.size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let row = 0; row < layout.size; row += 1) {
      for (const x of [right, right - 1]) {
        const y = isUpward ? layout.size - 1 - row : row;
        if (layout.isFixed[y]![x]) continue;
        layout.dark[y]![x] = (((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

function masked(layout: Layout, mask: number): Modules {
  const rule = MASKS[mask]!;
  const dark = layout.dark.map((row, y) => row.map((value, x) => (layout.isFixed[y]![x] ? value : value !== rule(x, y))));
  writeFormat({ ...layout, dark }, mask);
  return dark;
}

/** How hard a code is to read (section 7.8.3): runs, blocks, what looks like a finder, too much of one colour. */
function penalty(dark: Modules): number {
  const turned = dark[0]!.map((_value, x) => dark.map((row) => row[x]!));
  const lines = [...dark, ...turned].map((line) => line.map(Number).join(''));
  const runs = lines.flatMap((line) => line.match(/0{5,}|1{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0);
  const finders = lines.reduce((sum, line) => sum + [...line.matchAll(/(?=10111010000|00001011101)/g)].length, 0);
  let blocks = 0;
  for (let y = 1; y < dark.length; y += 1) {
    for (let x = 1; x < dark.length; x += 1) {
      const same = dark[y]![x];
      if (dark[y - 1]![x] === same && dark[y]![x - 1] === same && dark[y - 1]![x - 1] === same) blocks += 1;
    }
  }
  const share = dark.flat().filter(Boolean).length / dark.length ** 2;
  return runs + 3 * blocks + 40 * finders + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}

/** The dark modules as one SVG path, with the quiet zone of four modules that readers need. */
export function qrPath(modules: Modules): { path: string; size: number } {
  const path = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join('');
  return { path, size: modules.length + 8 };
}
