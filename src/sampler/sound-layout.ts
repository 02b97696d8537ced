/**
 * Whether a layout is one that the kernel can run without leaving its memory. Layouts come from files, and a file may
 * come from anybody. Not here: whether two networks fit each other (sampler.ts).
 */

import type { Layout, MemoryImage, PlacedLayer, PlacedNetwork } from './layout.ts';

/** Far more than what fits at the edge. */
const MAX_MEMORY_BYTES = 2 ** 27;
const MAX_LAYERS = 16;
/** Of latents, which are int16; everything else is unsigned bytes. */
const LATENT_BYTES = 2;

/** @throws RangeError that says what is wrong */
export function requireSoundLayout({ layout, constants }: MemoryImage): void {
  const { memoryBytes, generator, classifier } = layout;
  require(isWhole(memoryBytes, MAX_MEMORY_BYTES), 'its memory has no size, or too large a one');
  require(constants.length <= memoryBytes, 'its constants do not fit its memory');
  require(generator !== undefined, 'it has no generator');
  for (const network of [generator, classifier]) {
    if (network !== undefined) requireSoundNetwork(network, layout);
  }
}

function requireSoundNetwork(network: PlacedNetwork, layout: Layout): void {
  const { layers, classes, inputLimit, leakyReluSlope } = network;
  require(isList(layers) && layers.length > 0 && layers.length <= MAX_LAYERS, 'it has no layers');
  require(isWhole(inputLimit, 0x7fff) && isWhole(classes, layers[0].inputs), 'its input is none');
  require(Number.isFinite(leakyReluSlope), 'its slope is no number');
  for (const [index, layer] of layers.entries()) {
    const isOfLatent = index === 0 && network === layout.generator;
    requireSoundLayer(layer, layout, isOfLatent ? LATENT_BYTES : 1, index === layers.length - 1);
    const next = layers[index + 1];
    require(next === undefined || next.inputs === layer.outputs, 'its layers do not fit');
  }
}

function requireSoundLayer(
  layer: PlacedLayer,
  { memoryBytes, sums }: Layout,
  inputBytes: number,
  isLast: boolean,
): void {
  const { rows, outputs, inputs, paddedInputs, weights, biases, multipliers, zeros } = layer;
  const sizes = [rows, outputs, inputs, paddedInputs];
  require(sizes.every((size) => isWhole(size, memoryBytes) && size > 0), 'a layer has no size');
  require(rows % 4 === 0 && rows >= outputs, 'a layer has too few rows');
  require(paddedInputs % 32 === 0 && paddedInputs >= inputs, 'a layer has too few inputs');
  const [input, output] = [layer.input, layer.output];
  require([input, output, sums].every(arePair), 'a layer lies nowhere');
  const isOutput = !(isLast && layer.activation === 'softmax');
  const parts: readonly (readonly [at: number, bytes: number, alignment: number])[] = [
    [weights, rows * paddedInputs, 1],
    [biases, 4 * rows, 1],
    [multipliers, 4 * rows, 1],
    ...(isLast ? [] : [[zeros, 4 * rows, 1] as const]),
    ...input.map((at) => [at, inputBytes * paddedInputs, inputBytes] as const),
    ...(isOutput ? output.map((at) => [at, rows, 1] as const) : []),
    ...sums.map((at) => [at, 4 * rows, 4] as const),
  ];
  for (const [at, bytes, alignment] of parts) {
    require(isWhole(at, memoryBytes - bytes) && at % alignment === 0, 'a layer leaves its memory');
  }
}

function arePair(addresses: readonly number[]): boolean {
  return isList(addresses) && addresses.length === 2;
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function isWhole(number: unknown, max: number): number is number {
  return Number.isSafeInteger(number) && Number(number) >= 0 && Number(number) <= max;
}

function require(isSound: boolean, reason: string): asserts isSound {
  if (!isSound) throw new RangeError(reason);
}
