import { describe, expect, test } from 'vitest';

import { serializeSafetensors } from '../../../src/weights/safetensors.ts';
import {
  FloatFileError,
  type FloatFileErrorCode,
  parseNetwork,
  serializeNetwork,
} from '../../../training/quantization/float-file.ts';
import { floatFileOf, generatorOf } from './generators.ts';

const generator = generatorOf(2, [4, 3, 2]);

describe('the file of a float network', () => {
  test('is read as it was written', () => {
    expect(parseNetwork(floatFileOf(generator))).toEqual(generator);
    const {
      kind: _,
      sizes: __,
      activations: ___,
      leakyReluSlope: ____,
      ...origin
    } = generator.metadata;
    expect(parseNetwork(serializeNetwork(generator, origin))).toEqual(generator);
  });

  test('says how many classes there are: none if it says nothing', () => {
    expect(parseNetwork(serializeNetwork(generator, {})).classes).toBe(0);
    expect(parseNetwork(serializeNetwork(generator, { classes: '3' })).classes).toBe(3);
  });

  const { metadata } = generator;
  const changed = (changes: Record<string, string>): Uint8Array =>
    serializeSafetensors([], { ...metadata, ...changes });
  const [layer, last] = generator.layers;
  const faults: [what: string, bytes: Uint8Array, code: FloatFileErrorCode][] = [
    ['something else', new Uint8Array(3), 'NotSafetensors'],
    ['a network of another kind', changed({ kind: 'classifier' }), 'WrongKind'],
    ['sizes that are no JSON', changed({ sizes: '[4' }), 'BadMetadata'],
    ['a single size', changed({ sizes: '[4]' }), 'BadMetadata'],
    ['a size of half a unit', changed({ sizes: '[4,2.5,2]' }), 'BadMetadata'],
    ['no tensors', changed({}), 'MissingTensor'],
    ['a layer of another shape', floatFileOf(generatorOf(2, [5, 3, 2]), metadata), 'WrongShape'],
    [
      'an infinite weight',
      floatFileOf({
        ...generator,
        layers: [layer, { ...last, bias: Float32Array.of(1, Infinity) }],
      }),
      'NotFinite',
    ],
    ['no slope', floatFileOf(generator, { ...metadata, leakyReluSlope: '' }), 'BadMetadata'],
    [
      'classes beyond its inputs',
      floatFileOf(generator, { ...metadata, classes: '4' }),
      'BadMetadata',
    ],
  ];

  test.each(faults)('with %s is refused', (_, bytes, code) => {
    expect(codeOf(() => parseNetwork(bytes))).toBe(code);
  });
});

function codeOf(action: () => unknown): FloatFileErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof FloatFileError) return error.code;
    throw error;
  }
  throw new Error('expected a FloatFileError');
}
