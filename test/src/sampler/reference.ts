/**
 * The arithmetic of the kernel and of network.ts once more, in plain TypeScript, straight from the
 * tensors: whole numbers in doubles, and a Math.fround after every float32 operation. Slow.
 */
import type { NetworkParts } from '../../training/bundle/networks.ts';

/** (outputs) grey levels for (inputs) whole latents. */
export function referenceDraw(parts: NetworkParts, latent: Int16Array): number[] {
  const limit = Number(parts.metadata['inputLimit']);
  const input = Array.from(latent, (a) => Math.max(-limit, Math.min(a, limit)));
  return referenceSums(parts, input).map(greyLevel);
}

/** (outputs) float32 logits for (inputs) grey levels. */
export function referenceClassify(parts: NetworkParts, pixels: Uint8Array): number[] {
  return referenceSums(
    parts,
    Array.from(pixels, (p) => Math.floor(p / 2)),
  );
}

/** What the last layer gives before its activation. */
function referenceSums({ tensors, metadata }: NetworkParts, input: readonly number[]): number[] {
  const slope = Math.fround(Number(metadata['leakyReluSlope']));
  const layerCount = (JSON.parse(metadata['sizes']) as number[]).length - 1;
  let activations = input;
  let unit = 2 ** -Number(metadata['inputFractionBits']);
  for (let n = 1; n <= layerCount; n++) {
    const dataOf = (name: string) => tensors[`dense_${n}.${name}`].data;
    const [weights, scales, biases] = ['weight', 'scale', 'bias'].map(dataOf);
    const zeros = n < layerCount ? dataOf('zero') : undefined;
    const inputs = activations;
    activations = Array.from(scales, (scale, row) => {
      const sum = inputs.reduce(
        (partial, a, i) => partial + weights[row * inputs.length + i] * a,
        nearestTiesToEven(biases[row] / (scale * unit)),
      );
      if (!(Math.abs(sum) < 2 ** 31)) throw new RangeError(`the sum ${sum} overflows int32`);
      const y = Math.fround(Math.fround(sum) * Math.fround(scale * unit));
      return zeros ? hidden(y, slope, zeros[row]) : y;
    });
    unit = 1;
  }
  return activations as number[];
}

/** What the next layer takes for an output: 0 … 127 on the wire, less the number that stands for 0. */
function hidden(y: number, slope: number, zero: number): number {
  const leaky = y < 0 ? Math.fround(y * slope) : y;
  const whole = nearestTiesToEven(Math.fround(leaky + zero));
  return Math.max(0, Math.min(whole, 127)) - zero;
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

function nearestTiesToEven(x: number): number {
  const up = Math.ceil(x - 0.5);
  const down = Math.floor(x + 0.5);
  return up % 2 === 0 ? up : down;
}
