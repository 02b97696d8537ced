/**
 * The arithmetic of the kernel and of network.ts once more, in plain TypeScript, straight from the
 * tensors: whole numbers in doubles, and a Math.fround after every float32 operation. Slow.
 */
import type { NetworkParts } from '../../training/bundle/networks.ts';

/** (outputs) grey levels for (inputs) whole latents. */
export function referenceGenerate(parts: NetworkParts, latent: Int16Array): number[] {
  return referenceSums(parts, latent).map(greyLevel);
}

/** (outputs) float32 logits for (inputs) grey levels. */
export function referenceClassify(parts: NetworkParts, pixels: Uint8Array): number[] {
  return referenceSums(parts, pixels);
}

/** What the last layer gives before its activation. */
function referenceSums(parts: NetworkParts, input: Int16Array | Uint8Array): number[] {
  const listOf = (name: string) => JSON.parse(parts.metadata[name]) as number[];
  const fractionBits = listOf('inputFractionBits');
  const limits = listOf('inputLimits');
  const slope = Math.fround(Number(parts.metadata['leakyReluSlope']));
  const layerCount = fractionBits.length;
  let activations = [...input].map((a) => clamp(a, limits[0]));
  for (let n = 0; n < layerCount; n++) {
    const weights = parts.tensors[`dense_${n + 1}.weight`].data;
    const scales = parts.tensors[`dense_${n + 1}.scale`].data;
    const biases = parts.tensors[`dense_${n + 1}.bias`].data;
    const isLast = n === layerCount - 1;
    const outputBits = isLast ? 0 : fractionBits[n + 1];
    const outputs: number[] = [];
    for (let row = 0; row < scales.length; row++) {
      let sum = nearestTiesToEven(biases[row] / (scales[row] * 2 ** -fractionBits[n]));
      activations.forEach((a, i) => (sum += weights[row * activations.length + i] * a));
      if (!(Math.abs(sum) < 2 ** 31)) throw new RangeError(`the sum ${sum} overflows int32`);
      const multiplier = Math.fround(scales[row] * 2 ** (outputBits - fractionBits[n]));
      const y = Math.fround(Math.fround(sum) * multiplier);
      outputs.push(isLast ? y : hidden(y, slope, limits[n + 1]));
    }
    activations = outputs;
  }
  return activations;
}

function hidden(y: number, slope: number, limit: number): number {
  return clamp(nearestTiesToEven(y < 0 ? Math.fround(y * slope) : y), limit);
}

function greyLevel(y: number): number {
  const grey = nearestTiesToEven(Math.fround(Math.fround(referenceTanh(y) + 1) * 127.5));
  return Math.max(0, Math.min(grey, 255));
}

/** tanh as Eigen's float32 approximation has it, without fused multiply-add. */
export function referenceTanh(y: number): number {
  const bound = Math.fround(7.90531110763549805);
  const x = Math.max(-bound, Math.min(Math.fround(y), bound));
  const square = Math.fround(x * x);
  const horner = (coefficients: readonly number[]) =>
    coefficients
      .map(Math.fround)
      .reduce((sum, next) => Math.fround(Math.fround(sum * square) + next));
  const odd = horner([
    -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
    1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
  ]);
  const even = horner([
    1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3,
  ]);
  return Math.fround(Math.fround(x * odd) / even);
}

function clamp(x: number, limit: number): number {
  return Math.max(-limit, Math.min(x, limit)) + 0; // + 0 turns −0 into 0
}

function nearestTiesToEven(x: number): number {
  const up = Math.ceil(x - 0.5);
  const down = Math.floor(x + 0.5);
  return up % 2 === 0 ? up : down;
}
