/**
 * The memory layout that the host and the kernels share, and the numbers by which they name operations and arguments.
 * AssemblyScript and TypeScript both import this file, so it holds plain constants and nothing else.
 */

/** Everything in memory is an int32 or a float32. */
export const WORD_BYTES = 4;

// The operations.
export const PRODUCT = 0;
export const LEAKY_RELU = 1;
export const LEAKY_RELU_GRADIENT = 2;
export const TANH = 3;
export const TANH_GRADIENT = 4;
export const MULTIPLY = 5;
export const SUM = 6;
export const DROPOUT = 7;
export const ADAM = 8;
export const RUNNING_AVERAGE = 9;

// The control block, in words from its start, which is aligned to a cache line of 16 words.
// Words that threads wait for or count with have cache lines of their own.

/** Goes up with each task; helpers wait for that. */
export const GENERATION = 0;
/** Helpers that are not done with the task yet. */
export const WORKING = 16;
/** Threads that wait at the barrier. */
export const ARRIVED = 32;
/** Goes up each time that the barrier opens. */
export const PASSED = 48;
/** The first of the counters from which threads take chunks of a task. */
export const COUNTERS = 64;
export const COUNTER_WORDS = 16;
/** Whether the pool runs; see pool.ts. */
export const STATE = 96;
/** Threads that take part in the task, the one that announces it included. */
export const THREADS = 97;
/** How often to look at a word before sleeping on it. */
export const SPINS = 98;
/** A thread that does not answer for this long is presumed dead. */
export const PATIENCE_MS = 99;
/** The operation that the task consists of. */
export const OPERATION = 112;
/** The first of its arguments, whose slots are named below: addresses, sizes and integers, or float32. */
export const ARGUMENTS = 113;
export const MAX_ARGUMENTS = 15;
export const CONTROL_WORDS = 128;

// Arguments of `PRODUCT`: C (rows, columns) = A (rows, depth) · B (depth, columns) + the initial row. Strides in words.
export const PRODUCT_A = 0;
export const PRODUCT_A_ROW_STRIDE = 1;
export const PRODUCT_A_COLUMN_STRIDE = 2;
export const PRODUCT_B = 3;
export const PRODUCT_B_ROW_STRIDE = 4;
export const PRODUCT_B_COLUMN_STRIDE = 5;
/** The address of C, which lies row by row. */
export const PRODUCT_C = 6;
export const PRODUCT_ROWS = 7;
export const PRODUCT_COLUMNS = 8;
export const PRODUCT_DEPTH = 9;
/** What each row of C starts from, padded to whole tiles. */
export const PRODUCT_INITIAL_ROW = 10;
/** Room for A, its rows padded to whole tiles. */
export const PRODUCT_PACKED_A = 11;
/** Room of `SCRATCH_BYTES` for each thread. */
export const PRODUCT_SCRATCH = 12;
/** 1: tiles are computed in one go of 16 columns; 0: in two of 8. */
export const PRODUCT_WIDE = 13;

/** Rows of a tile of C. With 16 columns it takes 10 accumulators of 256 bits; 6 rows would spill registers. */
export const TILE_ROWS = 5;
/** Columns of a tile of C. */
export const TILE_COLUMNS = 16;
/** A block's largest depth: a panel of B, 288 × 16 floats, takes 18 KiB, about half of a level-1 cache. */
export const MAX_BLOCK_DEPTH = 288;
/** A tile of C, row by row: what a thread's scratch begins with. */
export const TILE_BYTES = TILE_ROWS * TILE_COLUMNS * WORD_BYTES;
/** A thread's scratch: a tile at C's edge, and a panel of B. */
export const SCRATCH_BYTES = TILE_BYTES + MAX_BLOCK_DEPTH * TILE_COLUMNS * WORD_BYTES;

// Arguments of the operations that compute each number of a tensor from the numbers at its place in one or two others.
export const MAP_INPUT = 0;
export const MAP_SECOND_INPUT = 1;
export const MAP_OUTPUT = 2;
export const MAP_SIZE = 3;

// `LEAKY_RELU` and `LEAKY_RELU_GRADIENT` take besides:
/** The slope for negative numbers. */
export const LEAKY_RELU_ALPHA = 4;

// `DROPOUT` takes besides:
export const DROPOUT_KEY = 4;
export const DROPOUT_SECOND_KEY = 5;
/** Of 2³¹: the share of numbers that are dropped. */
export const DROPOUT_THRESHOLD = 6;
/** The factor of those that are kept. */
export const DROPOUT_SCALE = 7;

// Arguments of `SUM`: y (columns) = the sum of the rows of x (rows, columns).
export const SUM_X = 0;
export const SUM_Y = 1;
export const SUM_ROWS = 2;
export const SUM_COLUMNS = 3;

// Arguments of `ADAM`, in the terms of its paper.
export const ADAM_PARAMETERS = 0;
export const ADAM_GRADIENT = 1;
export const ADAM_FIRST_MOMENT = 2;
export const ADAM_SECOND_MOMENT = 3;
export const ADAM_SIZE = 4;
export const ADAM_BETA1 = 5;
/** 1 − β1, rounded once from double precision; likewise below. */
export const ADAM_ONE_MINUS_BETA1 = 6;
export const ADAM_BETA2 = 7;
export const ADAM_ONE_MINUS_BETA2 = 8;
/** 1 / (1 − β1ᵗ) */
export const ADAM_CORRECTION1 = 9;
/** 1 / (1 − β2ᵗ) */
export const ADAM_CORRECTION2 = 10;
export const ADAM_LEARNING_RATE = 11;
export const ADAM_EPSILON = 12;

// Arguments of `RUNNING_AVERAGE`: average = decay · average + (1 − decay) · value.
export const AVERAGE_AVERAGE = 0;
export const AVERAGE_VALUE = 1;
export const AVERAGE_SIZE = 2;
export const AVERAGE_DECAY = 3;
/** Rounded once from double precision. */
export const AVERAGE_ONE_MINUS_DECAY = 4;
