/** The sampler's kernel, in AssemblyScript: dense layers and what follows them. Knows pointers, shapes and layout. */

export { greyLevels, halve, leakyRelu } from './activations';
export { dense, densePair } from './dense';
export { denseOfLatent } from './latent';
