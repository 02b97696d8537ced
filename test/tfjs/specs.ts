/** Which of tfjs's own tests run on our backend, and which of those are left out, and why. */

/** Test files in @tensorflow/tfjs-core's `dist`: of each operation whose kernel is ours, and of what is built on those. */
export const FILES: readonly string[] = [
  // Products
  'ops/mat_mul_test',
  'ops/fused/fused_mat_mul_test',
  'ops/basic_lstm_cell_test',
  // Number by number
  'ops/arithmetic_test',
  'ops/leaky_relu_test',
  'ops/tanh_test',
  'ops/multi_rnn_cell_test',
  // Sums
  'ops/sum_test',
  'ops/mean_test',
  'ops/moments_test',
  'ops/norm_test',
  // Copies
  'ops/clone_test',
  'ops/dropout_test',
  // Gradients through all of them
  'gradients_test',
];

export interface Exclusion {
  /** Tests whose full name contains this are left out. */
  readonly name: string;
  readonly reason: string;
}

const COMPLEX = "tfjs's WASM backend has no complex numbers";
const BIAS = "tfjs's own WASM kernel refuses a bias of more than one axis with the same error";

export const EXCLUDED: readonly Exclusion[] = [
  {
    name: 'matmul ours {} upcasts when dtypes dont match',
    reason: "tfjs's own WASM kernel refuses integers with the same error",
  },
  { name: 'fused matmul ours {} fused A x B with 2d bias', reason: BIAS },
  { name: 'with relu and broadcasted bias different rank', reason: BIAS },
  { name: 'mul ours {} complex number', reason: COMPLEX },
  { name: 'complex64 dtype', reason: COMPLEX },
];
