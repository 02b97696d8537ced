/** Files that were whole once: cut, flipped, stretched, with parts of them elsewhere. */

import * as fc from 'fast-check';

import { concatenate } from '../../../src/encoders/bytes.ts';

/** One thing that happens to a file; places are shares of its length. */
type Mutation = (file: Uint8Array) => Uint8Array;

// Not fc.double, most of whose numbers are next to 0.
const place = fc.integer({ min: 0, max: 2 ** 30 - 1 }).map((number) => number / 2 ** 30);
/** Numbers that lengths and offsets break on. */
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([at, byte]): Mutation =>
      (file) =>
        file.length === 0 ? file : file.with(indexIn(file, at), byte),
  ),
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([at, bit]): Mutation => (file) => {
    const index = indexIn(file, at);
    return file.length === 0 ? file : file.with(index, file[index] ^ (1 << bit));
  }),
  fc.tuple(place, fc.constantFrom(...NUMBERS), fc.boolean()).map(
    ([at, number, isLittleEndian]): Mutation =>
      (file) =>
        withNumber(file, at, number, isLittleEndian),
  ),
  place.map(
    (at): Mutation =>
      (file) =>
        file.slice(0, indexIn(file, at)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 64 })).map(([at, inserted]): Mutation => (file) => {
    const index = indexIn(file, at);
    return concatenate([file.subarray(0, index), inserted, file.subarray(index)]);
  }),
  fc.tuple(place, place, place).map(([from, to, at]): Mutation => (file) => {
    const [start, end] = [from, to].map((share) => indexIn(file, share)).toSorted((a, b) => a - b);
    const copy = file.slice();
    copy.set(
      file.slice(start, end).subarray(0, file.length - indexIn(file, at)),
      indexIn(file, at),
    );
    return copy;
  }),
);

/** One of these files, and one to three mutations of it; the first bytes, where headers are, suffer more often. */
export function mutated(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const chosen = fc.integer({ min: 0, max: files.length - 1 });
  const mutations = fc.array(fc.tuple(mutation, fc.nat({ max: 3 })), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.tuple(chosen, mutations).map(([index, all]) =>
    all.reduce((file, [mutate, lot]) => {
      if (lot > 0) return mutate(file);
      const head = mutate(file.slice(0, HEAD_BYTES));
      return concatenate([head, file.subarray(HEAD_BYTES)]);
    }, files[index]),
  );
}

const HEAD_BYTES = 64;

/** A header that says much and means little. */
const strangeHeader = fc
  .json({ maxDepth: 4 })
  .chain((json) => fc.tuple(fc.constant(json), fc.uint8Array({ maxLength: 64 })))
  .map(([json, body]) => {
    const header = new TextEncoder().encode(json);
    const length = new Uint8Array(8);
    new DataView(length.buffer).setUint32(0, header.length, true);
    return Uint8Array.of(...length, ...header, ...body);
  });

/** Nothing but bytes; or one of these files, mutated. */
export function strange(...files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 8, arbitrary: mutated(files) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    { weight: 1, arbitrary: strangeHeader },
  );
}

function indexIn(file: Uint8Array, share: number): number {
  return Math.min(Math.floor(share * file.length), Math.max(0, file.length - 1));
}

function withNumber(file: Uint8Array, at: number, number: number, isLittleEndian: boolean) {
  if (file.length < 4) return file;
  const copy = file.slice();
  const offset = Math.min(indexIn(file, at), file.length - 4);
  new DataView(copy.buffer).setUint32(offset, number, isLittleEndian);
  return copy;
}
