/** What the kernel and those who lay out its memory agree on. AssemblyScript and TypeScript both import it. */

/** Rows of every layer are padded with zeros to a multiple of this. */
export const ROWS_AT_A_TIME = 8;
/** Weights of a layer lie in blocks of so many rows × `INPUTS_AT_A_TIME` inputs, each block row by row. */
export const BLOCK_ROWS = 4;
/** Inputs of every layer are padded with zeros to a multiple of this. */
export const INPUTS_AT_A_TIME = 32;
/** The kernel reads and writes that many bytes at once. */
export const ALIGNMENT_BYTES = 16;

/** Activations between layers are whole numbers from 0 to this: 7 bits. */
export const MAX_ACTIVATION = 127;
/**
 * Weights of a layer that takes such activations are within ± this: then the products of four pairs, which
 * are summed in 16 bits, come to at most 4 · 63 · 127 = 32,004, and nothing saturates.
 */
export const MAX_WEIGHT = 63;
