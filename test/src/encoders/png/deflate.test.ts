import { constants, deflateSync, inflateSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { huffmanCode } from '../../../../src/encoders/png/huffman.ts';
import type { Stretch } from '../../../../src/encoders/png/tokens.ts';
import { zlibStream } from '../../../../src/encoders/png/zlib.ts';
import { Random } from '../../../../src/sampler/random.ts';

function bytesOf(length: number, value: (index: number) => number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => value(index));
}

function noise(length: number, values = 256): Uint8Array {
  const random = Random.fromString(`${length} of ${values}`);
  return bytesOf(length, () => random.nextUint32() % values);
}

/** Symbol i occurs as often as the i-th Fibonacci number: the counts that make the longest codes. */
function fibonacci(symbols: number): Uint32Array {
  const counts = new Uint32Array(symbols).fill(1);
  for (let i = 2; i < symbols; i++) counts[i] = counts[i - 1] + counts[i - 2];
  return counts;
}

/** Bytes with these counts, spread evenly, so that there are few runs. */
function inTurn(counts: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(counts.reduce((sum, count) => sum + count));
  const places = [...counts].flatMap((count, byte) =>
    Array.from({ length: count }, (_, i) => ({ byte, place: (i + 0.5) / count })),
  );
  places.sort((a, b) => a.place - b.place || a.byte - b.byte);
  for (const [index, { byte }] of places.entries()) bytes[index] = byte;
  return bytes;
}

function unfold(stretches: readonly Stretch[]): Buffer {
  return Buffer.concat(
    stretches.flatMap(({ bytes, times }) => Array.from({ length: times }, () => bytes)),
  );
}

describe('zlibStream', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(7)],
    ['two equal bytes', Uint8Array.of(7, 7)],
    ['two bytes', Uint8Array.of(7, 8)],
    ['all values once', bytesOf(256, (i) => i)],
    ['all values often', noise(10_000)],
    ['few values', noise(10_000, 3)],
    ['the highest values', bytesOf(20_000, () => 255)],
    ['more than 64 KiB', noise(200_001)],
    ['more than 64 KiB of one value', new Uint8Array(1_000_003)],
    ['runs of all lengths up to 600', Buffer.concat(bytesOfRuns(600))],
    ['counts that need a limit for codes', inTurn(fibonacci(23))],
  ])('gives back %s', (_, bytes) => {
    const packed = zlibStream([{ bytes, times: 1 }]);
    expect(inflateSync(packed).equals(bytes)).toBe(true);
  });

  const periods = [1, 2, 3, 5, 257, 258, 259, 300, 1000, 32_768, 32_769];
  test.each(periods)('gives back what repeats every %i bytes', (period) => {
    for (const times of [1, 2, 3, 4, 7, 100]) {
      for (const bytes of [
        noise(period),
        new Uint8Array(period),
        bytesOf(period, (i) => (i === 0 ? 2 : 0)),
        bytesOf(period, (i) => (i < period / 2 ? 0 : 255)),
      ]) {
        const stretches = [
          { bytes: Uint8Array.of(0, 0), times: 1 },
          { bytes, times },
          { bytes: Uint8Array.of(0, 1), times: 3 },
        ];
        expect(inflateSync(zlibStream(stretches)).equals(unfold(stretches))).toBe(true);
      }
    }
  });

  test('writes the checksum of every byte, of repeated ones too', () => {
    // inflate checks the Adler-32 of what it gives back, here 120 MB that make its sums as high as can be.
    const packed = zlibStream([{ bytes: new Uint8Array(30_000).fill(255), times: 4000 }]);
    expect(inflateSync(packed)).toHaveLength(120_000_000);
  });

  test('continues a run across stretches', () => {
    const oneByOne = Array.from({ length: 5000 }, () => ({ bytes: Uint8Array.of(9), times: 1 }));
    expect(zlibStream(oneByOne)).toEqual(
      zlibStream([{ bytes: new Uint8Array(5000).fill(9), times: 1 }]),
    );
  });

  test('is no larger than what zlib makes of runs alone', () => {
    const zlib = { level: 9, strategy: constants.Z_RLE };
    for (const bytes of [noise(5000, 40), inTurn(fibonacci(15)), new Uint8Array(5000)]) {
      expect(zlibStream([{ bytes, times: 1 }]).length).toBeLessThanOrEqual(
        deflateSync(bytes, zlib).length + 2,
      );
    }
  });
});

function bytesOfRuns(maxLength: number): Uint8Array[] {
  return Array.from({ length: maxLength }, (_, i) => new Uint8Array(i + 1).fill(i % 7));
}

/** 1 for a complete code. */
function kraftSum(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => (length > 0 ? sum + 2 ** -length : sum), 0);
}

describe('huffmanCode', () => {
  test.each([
    ['up to 7 bits', [...fibonacci(19)], 7],
    ['up to 15 bits', [...fibonacci(40)], 15],
    ['all symbols alike', Array.from({ length: 286 }, () => 1), 15],
    ['counts beyond 23 bits', [2 ** 31, 2 ** 30, 2 ** 24, 3, 1, 1], 15],
  ])('is complete and within its limit: %s', (_, counts, limit) => {
    const { lengths } = huffmanCode(counts, limit);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
    expect(kraftSum(lengths)).toBe(1);
  });

  test('is the shortest code if no limit applies', () => {
    expect([...huffmanCode([5, 9, 12, 13, 0, 16, 45], 15).lengths]).toEqual([4, 4, 3, 3, 0, 3, 1]);
  });

  test('gives the codes of the example in RFC 1951, section 3.2.2', () => {
    // A … H with 3, 3, 3, 3, 3, 2, 4, 4 bits.
    const { lengths, bits } = huffmanCode([2, 2, 2, 2, 2, 4, 1, 1], 15);
    const written = [...bits].map((code, symbol) =>
      [...code.toString(2).padStart(lengths[symbol], '0')].toReversed().join(''),
    );
    expect(written).toEqual(['010', '011', '100', '101', '110', '00', '1110', '1111']);
  });

  test('gives a lone symbol one bit, and no symbol none', () => {
    expect([...huffmanCode([0, 7], 15).lengths]).toEqual([0, 1]);
    expect([...huffmanCode([0, 0], 15).lengths]).toEqual([0, 0]);
  });
});
