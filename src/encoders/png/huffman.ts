/**
 * Huffman codes as deflate has them: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2
 *
 * In plain arrays: the engine takes longer to make a typed array of a few hundred numbers than to use it.
 */

export interface Code {
  /** By symbol: the length of its code in bits, 0 if it has none. */
  readonly lengths: readonly number[];
  /** By symbol: its code, first bit lowest, as deflate packs it. */
  readonly bits: readonly number[];
}

/** A count and a symbol are sorted as one number of 32 bits, so higher counts are cut to MAX_COUNT. */
const MAX_SYMBOLS = 512;
const MAX_COUNT = 2 ** 23 - 1;

/**
 * The shortest code for symbols that occur this often, or one close to it if that would exceed
 * `maxBits`. A lone symbol gets one bit.
 *
 * @param counts by symbol, 0 for those that get no code
 * @param maxBits of a code; enough for all symbols
 */
export function huffmanCode(counts: readonly number[], maxBits: number): Code {
  const lengths = codeLengths(counts, maxBits);
  return { lengths, bits: canonicalBits(lengths) };
}

/** Huffman's algorithm: the two rarest nodes get a parent, until one node is left. */
function codeLengths(counts: readonly number[], maxBits: number): number[] {
  const leaves = byCount(counts);
  const lengths = zeros(counts.length);
  if (leaves.length === 1) lengths[leaves[0] % MAX_SYMBOLS] = 1;
  if (leaves.length < 2) return lengths;

  // Leaves from the rarest on, then parents in the order they are made in, which is that of their weights.
  const nodes = 2 * leaves.length - 1;
  const weights = zeros(nodes);
  const parents = zeros(nodes);
  for (let i = 0; i < leaves.length; i++) weights[i] = Math.floor(leaves[i] / MAX_SYMBOLS);
  let leaf = 0;
  let inner = leaves.length;
  for (let parent = leaves.length; parent < nodes; parent++) {
    for (let child = 0; child < 2; child++) {
      const isLeaf = leaf < leaves.length && (inner === parent || weights[leaf] <= weights[inner]);
      const rarest = isLeaf ? leaf++ : inner++;
      weights[parent] += weights[rarest];
      parents[rarest] = parent;
    }
  }

  // From the root down, each node's depth takes the place of its parent's number.
  const depths = parents;
  for (let node = nodes - 2; node >= 0; node--) depths[node] = depths[parents[node]] + 1;
  // The rarest leaf is among the deepest. Halved counts differ less, so their tree is flatter.
  if (depths[0] > maxBits) {
    const halved = counts.map((count) => (count + 1) >>> 1);
    return codeLengths(halved, maxBits);
  }
  for (let i = 0; i < leaves.length; i++) lengths[leaves[i] % MAX_SYMBOLS] = depths[i];
  return lengths;
}

/** count · MAX_SYMBOLS + symbol of all that occur, the rarest first, the lowest of equally rare ones first. */
function byCount(counts: readonly number[]): Uint32Array {
  let used = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] > 0)
      KEYS[used++] = Math.min(counts[symbol], MAX_COUNT) * MAX_SYMBOLS + symbol;
  }
  return KEYS.subarray(0, used).toSorted();
}

/** Used again for each code. */
const KEYS = new Uint32Array(MAX_SYMBOLS);

/** Codes of one length count up in the order of their symbols; shorter codes come before longer ones. */
function canonicalBits(lengths: readonly number[]): number[] {
  const ofLength = zeros(17);
  for (let symbol = 0; symbol < lengths.length; symbol++) ofLength[lengths[symbol]]++;
  ofLength[0] = 0;
  const next = zeros(17);
  for (let length = 1; length < 16; length++) {
    next[length + 1] = (next[length] + ofLength[length]) << 1;
  }
  const bits = zeros(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length > 0) bits[symbol] = reversed(next[length]++, length);
  }
  return bits;
}

/** @param count at most the number of nodes in a tree over all symbols */
export function zeros(count: number): number[] {
  return ZEROS.slice(0, count);
}

const ZEROS = Array.from({ length: 2 * MAX_SYMBOLS }, () => 0);

function reversed(bits: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((bits >>> i) & 1) << (length - 1 - i);
  return result;
}
