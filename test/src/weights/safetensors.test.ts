import { describe, expect, test } from 'vitest';

import {
  float32Of,
  int8Of,
  parseSafetensors,
  serializeSafetensors,
} from '../../../src/weights/safetensors.ts';
import { fileOf, safetensorsOf } from '../../training/bundle/networks.ts';

const sound = () =>
  safetensorsOf(
    {
      a: { dtype: 'I8', shape: [3], data: Int8Array.of(-1, 0, 127) },
      b: { dtype: 'F32', shape: [2, 1], data: Float32Array.of(0.5, -2) },
      empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
      scalar: { dtype: 'F32', shape: [], data: Float32Array.of(7) },
    },
    { kind: 'a test: "quoted", \\', note: '{"b": 1, "b": 2}' },
  );

describe('a sound file', () => {
  test('gives back its metadata, shapes and numbers, aligned or not', () => {
    const { metadata, tensors } = parseSafetensors(sound());
    expect(metadata).toEqual({ kind: 'a test: "quoted", \\', note: '{"b": 1, "b": 2}' });
    expect([...tensors.keys()]).toEqual(['a', 'b', 'empty', 'scalar']);
    const tensor = (name: string) => tensors.get(name)!;
    expect([...int8Of(tensor('a'))]).toEqual([-1, 0, 127]);
    expect([...float32Of(tensor('b'))]).toEqual([0.5, -2]);
    expect(tensor('b').shape).toEqual([2, 1]);
    expect(float32Of(tensor('empty'))).toHaveLength(0);
    expect([...float32Of(tensor('scalar'))]).toEqual([7]);
  });

  test('may be a part of a larger buffer, have spaces behind its header, and have no metadata', () => {
    const header = '{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}}   ';
    const file = fileOf(header, Uint8Array.of(5, 255));
    const larger = new Uint8Array(file.length + 7);
    larger.set(file, 3);
    const { metadata, tensors } = parseSafetensors(larger.subarray(3, 3 + file.length));
    expect(metadata).toEqual({});
    expect([...int8Of(tensors.get('a')!)]).toEqual([5, -1]);
  });

  test('may have no tensors at all', () => {
    expect(parseSafetensors(fileOf({})).tensors.size).toBe(0);
  });

  test('has numbers of one kind only', () => {
    const { tensors } = parseSafetensors(sound());
    expect(() => float32Of(tensors.get('a')!)).toThrow('dtype is I8, expected F32');
    expect(() => int8Of(tensors.get('b')!)).toThrow('dtype is F32, expected I8');
  });
});

/** One I8 tensor with these fields changed, in front of four bytes. */
const one = (fields: object) =>
  fileOf({ a: { dtype: 'I8', shape: [4], data_offsets: [0, 4], ...fields } }, new Uint8Array(4));
/** I8 tensors with these offsets in front of so many bytes. */
const several = (offsets: [number, number][], bytes: number) =>
  fileOf(
    Object.fromEntries(
      offsets.map(([begin, end], i) => [
        `t${i}`,
        { dtype: 'I8', shape: [end - begin], data_offsets: [begin, end] },
      ]),
    ),
    new Uint8Array(bytes),
  );
const withHeaderLength = (length: bigint) => {
  const file = sound();
  new DataView(file.buffer).setBigUint64(0, length, true);
  return file;
};
const invalidUtf8 = fileOf('{"a":1}');
invalidUtf8[10] = 0xff;

describe('a broken file is refused, by name', () => {
  test.each([
    ['FileTooShort', 'no bytes', new Uint8Array(0)],
    ['FileTooShort', '7 bytes', new Uint8Array(7)],
    ['HeaderTooLong', 'a header longer than the file', withHeaderLength(10_000n)],
    ['HeaderTooLong', 'a header of 2^64 - 1 bytes', withHeaderLength(2n ** 64n - 1n)],
    ['HeaderTooLong', 'a file cut inside its header', sound().subarray(0, 60)],
    ['HeaderTooLong', 'a header of more than a million bytes', fileOf(`{${' '.repeat(1e6)}}`)],
    ['HeaderNotUtf8', 'a header of other bytes', invalidUtf8],
    ['HeaderNotJson', 'no header', new Uint8Array(8)],
    ['HeaderNotJson', 'a header cut short', withHeaderLength(20n)],
    ['HeaderNotJson', 'a space before the header', fileOf(' {}')],
    ['HeaderNotJson', 'a byte order mark', fileOf('\uFEFF{}')],
    ['HeaderNotJson', 'a list', fileOf('[]')],
    ['HeaderNotJson', 'something behind the header', fileOf('{}x')],
    ['DuplicateName', 'two tensors of one name', fileOf('{"a":{},"a":{}}')],
    ['DuplicateName', 'one dtype twice', fileOf('{"a":{"dtype":"I8","dtype":"F32"}}')],
    ['DuplicateName', 'one name spelled in two ways', fileOf(String.raw`{"a":{},"\u0061":{}}`)],
    ['BadTensor', 'a list in lists in lists', fileOf(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`)],
    ['BadMetadata', 'metadata that is no object', fileOf({ __metadata__: 'text' })],
    ['BadMetadata', 'metadata with a number', fileOf({ __metadata__: { epochs: 400 } })],
    ['BadTensor', 'a tensor that is no object', fileOf({ a: 3 })],
    ['BadTensor', 'a tensor that is null', fileOf({ a: null })],
    ['UnknownDtype', 'another dtype', one({ dtype: 'F16' })],
    ['UnknownDtype', 'no dtype', one({ dtype: undefined })],
    ['UnknownDtype', 'a dtype of the prototype', one({ dtype: 'toString' })],
    ['BadShape', 'no shape', one({ shape: undefined })],
    ['BadShape', 'a negative size', one({ shape: [-4] })],
    ['BadShape', 'a broken size', one({ shape: [1.5] })],
    ['BadShape', 'a size in a string', one({ shape: ['4'] })],
    ['BadShape', 'a size beyond whole doubles', one({ shape: [2 ** 60] })],
    ['BadOffsets', 'no offsets', one({ data_offsets: undefined })],
    ['BadOffsets', 'three offsets', one({ data_offsets: [0, 4, 4] })],
    ['BadOffsets', 'offsets the wrong way round', one({ data_offsets: [4, 0] })],
    ['BadOffsets', 'a negative offset', one({ data_offsets: [-4, 0] })],
    ['SizeMismatch', 'a shape larger than its bytes', one({ shape: [5] })],
    ['SizeMismatch', 'a shape smaller than its bytes', one({ shape: [3] })],
    ['SizeMismatch', 'a shape whose size overflows', one({ shape: [2 ** 40, 2 ** 40] })],
    ['SizeMismatch', 'floats in too few bytes', one({ dtype: 'F32' })],
    ['GapBetweenTensors', 'bytes before the first tensor', several([[1, 3]], 3)],
    ['GapBetweenTensors', 'bytes between two tensors', several([[0, 2], [3, 4]], 4)], // prettier-ignore
    ['OverlappingTensors', 'two tensors that share a byte', several([[0, 3], [2, 4]], 4)], // prettier-ignore
    ['OverlappingTensors', 'one tensor twice', several([[0, 4], [0, 4]], 4)], // prettier-ignore
    ['BytesMissing', 'a file cut inside its tensors', several([[0, 9]], 8)],
    ['BytesLeftOver', 'bytes behind the last tensor', several([[0, 2]], 3)],
    ['BytesLeftOver', 'bytes and no tensors', fileOf({}, new Uint8Array(1))],
  ])('%s: %s', (code, _, file) => {
    expect(() => parseSafetensors(file)).toThrow(
      expect.objectContaining({ name: 'SafetensorsError', code }),
    );
  });
});

test('a message quotes no more than it takes to find the place', () => {
  const long = 'x'.repeat(9e5);
  for (const header of [
    { [long]: 3 },
    { a: { dtype: long } },
    { a: { dtype: 'I8', shape: Array(4e5).fill(1), data_offsets: [0, 2] } },
    { __metadata__: { [long]: 1 } },
  ]) {
    let message = '';
    try {
      parseSafetensors(fileOf(header));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^safetensors: /);
    expect(message.length).toBeLessThan(200);
  }
});

test('a long name with escapes is a name', () => {
  const name = String.raw`\"\\:`.repeat(4e4);
  expect(parseSafetensors(fileOf({ __metadata__: { [name]: name } })).metadata).toEqual({
    [name]: name,
  });
});

describe('a file that is written', () => {
  test('is read as it was written, aligned to eight bytes, whatever its names', () => {
    const tensors = [
      { name: 'int8', dtype: 'I8' as const, shape: [3], data: Int8Array.of(-128, 0, 127) },
      { name: 'é"\\', dtype: 'F32' as const, shape: [2, 1], data: Float32Array.of(1.5, -0) },
      { name: 'empty', dtype: 'F32' as const, shape: [0], data: new Float32Array(0) },
    ];
    for (const note of ['', 'x', 'xx', 'xxx']) {
      const bytes = serializeSafetensors(tensors, { note });
      expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
      const parsed = parseSafetensors(bytes);
      expect(parsed.metadata).toEqual({ note });
      for (const { name, dtype, shape, data } of tensors) {
        const found = parsed.tensors.get(name);
        expect(found).toMatchObject({ dtype, shape });
        expect([...(found?.data ?? [])]).toEqual([...new Uint8Array(data.buffer)]);
      }
    }
  });
});
