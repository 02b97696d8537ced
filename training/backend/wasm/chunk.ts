/** How tensors are cut up for the threads. */

/** Numbers in a chunk: 32 KiB of each operand. */
export const CHUNK: i32 = 8192;
