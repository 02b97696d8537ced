/**
 * tfjs's backend `wasm` on Node, at the speed of the machine: tfjs's threaded SIMD build, with a pool of threads and
 * kernels of our own, and the layers and the optimizer that go with them. It serves any dense network and knows
 * nothing of GANs, files or flags.
 */

export { detectFeatures, type Features } from './features.ts';
export { DEFAULT_BETA2, DEFAULT_EPSILON, FusedAdam, type LearningRate } from './kernels/adam.ts';
export { dropout, dropoutMask, type DropoutKey } from './kernels/dropout.ts';
export { updateRunningAverage } from './kernels/running-average.ts';
export { addDense, dense, glorotUniform } from './layers/dense.ts';
export { addDropout, dropoutKey } from './layers/dropout.ts';
export { addLeakyRelu } from './layers/leaky-relu.ts';
export {
  call,
  denseWeightsOf,
  oneHot,
  variablesOf,
  type CallOptions,
  type DenseWeights,
  type Random,
} from './layers/model.ts';
export { PoolError } from './pool.ts';
export { startBackend, type Backend, type BackendOptions } from './start.ts';
export { HeapError } from './tfjs.ts';
export { viewOf } from './view.ts';
