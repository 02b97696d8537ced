/**
 * Prefix codes as deflate has them: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2
 *
 * In plain arrays: a typed array of a few hundred numbers takes the engine longer to make than to use.
 */

export interface Code {
  /** By symbol: bits of its code, 0 if it has none. */
  readonly lengths: readonly number[];
  /** By symbol: its code, first bit lowest, as deflate packs it. */
  readonly bits: readonly number[];
}

/** A symbol and its count together are 32 bits; what is commoner than that counts as just so common. */
const SYMBOLS = 512;
const COMMON = 2 ** 23 - 1;

/**
 * The code that is shortest for symbols that occur so often, or close to it where that would exceed
 * `limit` bits. A lone symbol gets one bit.
 *
 * @param counts by symbol, 0 for those that get no code
 * @param limit in bits; the symbols fit into it
 */
export function huffmanCode(counts: readonly number[], limit: number): Code {
  const lengths = codeLengths(counts, limit);
  return { lengths, bits: canonicalBits(lengths) };
}

/** Huffman's algorithm: the two rarest nodes get a common parent, until one is left. */
function codeLengths(counts: readonly number[], limit: number): number[] {
  const leaves = byCount(counts);
  const lengths = zeros(counts.length);
  if (leaves.length === 1) lengths[leaves[0] % SYMBOLS] = 1;
  if (leaves.length < 2) return lengths;

  // Leaves from the rarest on, then parents in the order of their birth, which is that of their weights.
  const nodes = 2 * leaves.length - 1;
  const weights = zeros(nodes);
  const parents = zeros(nodes);
  for (let i = 0; i < leaves.length; i++) weights[i] = Math.floor(leaves[i] / SYMBOLS);
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

  // From the root down, the number of each parent gives way to its depth.
  const depths = parents;
  for (let node = nodes - 2; node >= 0; node--) depths[node] = depths[parents[node]] + 1;
  // The rarest leaf is among the deepest. Halved counts differ less, so the tree gets flatter.
  if (depths[0] > limit)
    return codeLengths(
      counts.map((count) => (count + 1) >>> 1),
      limit,
    );
  for (let i = 0; i < leaves.length; i++) lengths[leaves[i] % SYMBOLS] = depths[i];
  return lengths;
}

/** Count · SYMBOLS + symbol of those that occur, the rarest first, then the lowest. */
function byCount(counts: readonly number[]): Uint32Array {
  let used = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] > 0) KEYS[used++] = Math.min(counts[symbol], COMMON) * SYMBOLS + symbol;
  }
  return KEYS.subarray(0, used).toSorted();
}

/** What is sorted, one code at a time. */
const KEYS = new Uint32Array(SYMBOLS);

/** Shorter codes before longer ones, equally long ones in the order of their symbols. */
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

/** So many zeros, at most as many as nodes of a tree over all symbols. */
export function zeros(count: number): number[] {
  return ZEROS.slice(0, count);
}

const ZEROS = Array.from({ length: 2 * SYMBOLS }, () => 0);

function reversed(bits: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((bits >>> i) & 1) << (length - 1 - i);
  return result;
}
