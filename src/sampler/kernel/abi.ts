/** What the kernel and those who lay out its memory agree on. AssemblyScript and TypeScript both import it. */

/** Rows of a layer come so many at a time. */
export const ROWS_AT_A_TIME = 8;
/** Inputs of a layer come so many at a time. */
export const INPUTS_AT_A_TIME = 16;
/** The kernel reads and writes that many bytes at once. */
export const ALIGNMENT_BYTES = 16;
