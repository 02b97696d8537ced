/** Reading quantized networks: what a file means, and how each fault is refused. */

import { describe, expect, test } from 'vitest';

import { readNetwork } from '../../../training/bundle/network.ts';
import { parsed, randomNetwork, safetensorsOf, type NetworkParts } from './networks.ts';

const SIZES = [6, 5, 4];
const refuse = (change: (parts: NetworkParts) => void) => {
  const parts = randomNetwork(SIZES);
  change(parts);
  return () => readNetwork(parsed(parts));
};

const floats = (...values: number[]) => ({
  dtype: 'F32',
  shape: [values.length],
  data: Float32Array.from(values),
});

test('reads a network from the bytes of a file', () => {
  const { tensors, metadata } = randomNetwork(SIZES);
  const network = readNetwork(safetensorsOf(tensors, metadata));
  expect(network.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[6, 5], [5, 4]]); // prettier-ignore
  expect(network.layers.map(({ activation }) => activation)).toEqual(['leakyRelu', 'tanh']);
  expect(network).toMatchObject({ leakyReluSlope: 0.2, inputFractionBits: 12, metadata });
});

test('rounds biases to units of a sum, ties to even', () => {
  const parts = randomNetwork([1, 6]);
  parts.tensors['dense_1.scale'].data.fill(1);
  parts.tensors['dense_1.bias'].data.set([0.5, 1.5, 2.5, -0.5, -1.5, 2.75].map((x) => x / 4096));
  expect([...readNetwork(parsed(parts)).layers[0].biases]).toEqual([0, 2, 2, 0, -2, 3]);
});

/** Reads one row of four weights ±127 with this bias, in units of its sum. */
const sumOf = (bias: number) => {
  const parts = randomNetwork([4, 1]);
  parts.tensors['dense_1.weight'].data.set([127, -127, 127, -127]);
  parts.tensors['dense_1.scale'].data.fill(1);
  parts.tensors['dense_1.bias'].data.fill(bias / 4096);
  return () => readNetwork(parsed(parts));
};

test('takes off the biases what the zeros of the inputs add', () => {
  const parts = randomNetwork([1, 2, 1]);
  parts.tensors['dense_1.zero'].data.set([100, 7]);
  parts.tensors['dense_2.weight'].data.set([63, -2]);
  parts.tensors['dense_2.scale'].data.fill(1);
  parts.tensors['dense_2.bias'].data.fill(5);
  expect([...readNetwork(parsed(parts)).layers[1].biases]).toEqual([5 - 63 * 100 + 2 * 7]);
});

test('takes sums up to the last one that int32 holds, and not one more', () => {
  const max = 2 ** 31 - 128 - 32767 * 4 * 127; // float32 holds multiples of 128 there
  expect(sumOf(max)).not.toThrow();
  expect(sumOf(max + 256)).toThrow(expect.objectContaining({ code: 'SumOverflow' }));
  expect(sumOf(-max - 256)).toThrow(expect.objectContaining({ code: 'SumOverflow' }));
});

describe('a broken network is refused, by name', () => {
  const metadataNames = [
    'sizes',
    'activations',
    'leakyReluSlope',
    'inputFractionBits',
    'inputLimit',
  ];
  test.each(metadataNames)('MissingMetadata: no %s', (name) => {
    expect(refuse(({ metadata }) => delete metadata[name])).toThrow(
      expect.objectContaining({ name: 'NetworkError', code: 'MissingMetadata' }),
    );
  });

  test.each([
    ['BadMetadata', 'sizes', 'not JSON'],
    ['BadMetadata', 'sizes', '{}'],
    ['BadMetadata', 'sizes', '[6]'],
    ['BadMetadata', 'sizes', '[6, 0, 4]'],
    ['BadMetadata', 'sizes', '[6, 5.5, 4]'],
    ['BadMetadata', 'sizes', '["6", 5, 4]'],
    ['BadMetadata', 'sizes', '[6, 1e9, 4]'],
    ['BadMetadata', 'sizes', '[6, 5, 4, 3]'],
    ['WrongShape', 'sizes', '[6, 4, 4]'],
    ['BadMetadata', 'activations', '"tanh"'],
    ['BadMetadata', 'activations', '["tanh"]'],
    ['UnknownActivation', 'activations', '["tanh", "tanh"]'],
    ['UnknownActivation', 'activations', '["leakyRelu", "sigmoid"]'],
    ['BadMetadata', 'leakyReluSlope', '-0.2'],
    ['BadMetadata', 'leakyReluSlope', '1e999'],
    ['BadMetadata', 'leakyReluSlope', '"0.2"'],
    ['BadMetadata', 'inputFractionBits', '16'],
    ['BadMetadata', 'inputFractionBits', '-1'],
    ['BadMetadata', 'inputFractionBits', '[12]'],
    ['BadMetadata', 'inputLimit', '0'],
    ['BadMetadata', 'inputLimit', '32768'],
    ['BadMetadata', 'inputLimit', '0.5'],
  ])('%s: %s is %s', (code, name, value) => {
    expect(refuse(({ metadata }) => (metadata[name] = value))).toThrow(
      expect.objectContaining({ name: 'NetworkError', code }),
    );
  });

  test('OldArithmetic: a file of the arithmetic with activations of 16 bits', () => {
    expect(
      refuse(({ metadata }) => {
        metadata['inputLimits'] = '[32767, 32767]';
      }),
    ).toThrow(expect.objectContaining({ code: 'OldArithmetic' }));
  });

  test.each<[string, string, (tensors: NetworkParts['tensors']) => void]>([
    ['MissingTensor', 'no bias', (t) => delete t['dense_2.bias']],
    ['UnknownTensor', 'a third layer', (t) => (t['dense_3.bias'] = floats(1))],
    ['WrongDtype', 'float weights', (t) => (t['dense_1.weight'] = { dtype: 'F32', shape: [5, 6], data: new Float32Array(30) })], // prettier-ignore
    ['WrongShape', 'transposed weights', (t) => (t['dense_1.weight'] = { ...t['dense_1.weight'], shape: [6, 5] })], // prettier-ignore
    ['WrongShape', 'flat weights', (t) => (t['dense_1.weight'] = { ...t['dense_1.weight'], shape: [30] })], // prettier-ignore
    ['WrongShape', 'too few scales', (t) => (t['dense_2.scale'] = floats(1, 1, 1))],
    ['BadScale', 'a scale of 0', (t) => (t['dense_2.scale'].data[0] = 0)],
    ['BadScale', 'a negative scale', (t) => (t['dense_2.scale'].data[0] = -1)],
    ['BadScale', 'a scale that is not a number', (t) => (t['dense_2.scale'].data[0] = NaN)],
    ['BadScale', 'an infinite scale', (t) => (t['dense_2.scale'].data[3] = Infinity)],
    ['BadScale', 'a scale below what processors agree on', (t) => (t['dense_1.scale'].data[0] = 1e-40)], // prettier-ignore
    ['BadWeight', 'a weight beyond 7 bits', (t) => (t['dense_2.weight'].data[7] = -64)],
    ['BadZero', 'a zero below 0', (t) => (t['dense_1.zero'].data[2] = -1)],
    ['MissingTensor', 'no zeros', (t) => delete t['dense_1.zero']],
    ['UnknownTensor', 'zeros of the last layer', (t) => (t['dense_2.zero'] = t['dense_1.zero'])],
    ['BadBias', 'a bias that is not a number', (t) => (t['dense_1.bias'].data[0] = NaN)],
    ['BadBias', 'a bias beyond int32', (t) => (t['dense_1.bias'].data[4] = 1e9)],
  ])('%s: %s', (code, _, change) => {
    expect(refuse(({ tensors }) => change(tensors))).toThrow(
      expect.objectContaining({ name: 'NetworkError', code }),
    );
  });

  test('SumOverflow: weights whose largest sum passes 2^31', () => {
    const parts = randomNetwork([600, 3]);
    parts.tensors['dense_1.weight'].data.fill(-128);
    expect(() => readNetwork(parsed(parts))).toThrow(
      expect.objectContaining({
        code: 'SumOverflow',
        message: expect.stringContaining('dense_1.weight row 0 can sum up to'),
      }),
    );
  });
});
