/** A part of the attack on files, each reader and writer in a second; and that it sees what is broken. */

import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';

import { files } from '../../../training/attack/files/files.ts';
import { readers } from '../../../training/attack/files/readers.ts';
import { faultOf, refusedOr, subject } from '../../../training/attack/files/subject.ts';
import { startDecoders, writers } from '../../../training/attack/files/writers.ts';

beforeAll(startDecoders);

test.each(readers().map((reader) => [reader.name, reader] as const))(
  '%s of strangers are read or refused',
  async (_, reader) => {
    expect(await faultOf(reader, 7, 400)).toBeUndefined();
  },
);

test.each(writers().map((writer) => [writer.name, writer] as const))(
  '%s is read by others',
  async (_, writer) => {
    expect(await faultOf(writer, 7, 80)).toBeUndefined();
  },
);

test('a case that breaks something is told, with the smallest one', async () => {
  const picky = subject('picky', fc.nat(), (number) => {
    if (number >= 10) throw new Error('it is too large');
  });
  expect(await faultOf(picky, 1, 100)).toMatch(
    /^picky: Error: it is too large; case [\d:]+: \[10\]$/,
  );
});

function fail(): never {
  throw new TypeError('x is not a function');
}

test('an error that is not named counts as broken', async () => {
  await expect(refusedOr([RangeError], fail)).rejects.toThrow(TypeError);
  await expect(refusedOr([TypeError], fail)).resolves.toBeUndefined();
});

test('the attack tries them all in a thread', async () => {
  const found: string[] = [];
  const summary = await files.run('3', 44, { found: (line) => found.push(line), done: () => {} });
  expect(found).toEqual([]);
  expect(summary).toContain('safetensors, int8 weights');
  expect(summary).toContain('PNG, APNG, GIF');
});
