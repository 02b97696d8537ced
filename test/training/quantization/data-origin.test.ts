import { describe, expect, test } from 'vitest';

import {
  type DataFacts,
  DataOriginError,
  dataMetadata,
  dataOriginOf,
  hasNoClasses,
  haveSameData,
  motifOf,
} from '../../../training/quantization/data-origin.ts';

const TOYS: DataFacts = {
  name: 'toys',
  sha256: '5af3',
  width: 4,
  height: 3,
  classes: ['ball', 'kite'],
};
const originOf = (changes: Partial<DataFacts>, more: Record<string, string | undefined> = {}) => {
  const facts = { ...TOYS, ...changes };
  const metadata = { ...dataMetadata(facts), ...more };
  const known = Object.entries(metadata).filter(([, value]) => value !== undefined);
  return dataOriginOf(
    Object.fromEntries(known) as Record<string, string>,
    facts.width * facts.height,
    0,
  );
};

describe('what a file says about its data', () => {
  test('is what the data are', () => {
    expect(dataOriginOf(dataMetadata(TOYS), 12, 2)).toEqual(TOYS);
  });

  test('is a square of numbered classes where an old file says nothing', () => {
    const known = { name: undefined, sha256: undefined, width: 28, height: 28 };
    expect(dataOriginOf({}, 784, 3)).toEqual({ ...known, classes: ['0', '1', '2'] });
    expect(dataOriginOf({}, 784, 0)).toEqual({ ...known, classes: undefined });
  });

  test.each([
    ['a size that does not fit', { width: '5', height: '3' }],
    ['a size that is none', { width: 'wide' }],
    ['too few names', { classNames: '["ball"]' }],
    ['a name twice', { classNames: '["ball","ball"]' }],
    ['names that are none', { classNames: '[1,2]' }],
    ['no JSON', { classNames: 'ball, kite' }],
  ])('is refused with %s', (_, wrong) => {
    const metadata = { ...dataMetadata(TOYS), ...wrong };
    expect(() => dataOriginOf(metadata, 12, 2)).toThrow(DataOriginError);
  });
});

describe('data', () => {
  test('are the same by their hash alone, where both are known by it', () => {
    expect(haveSameData(originOf({}), originOf({ name: 'moved' }))).toBe(true);
    expect(haveSameData(originOf({}), originOf({ sha256: 'other' }))).toBe(false);
  });

  test.each<[string, Partial<DataFacts>]>([
    ['name', { name: 'clothes' }],
    ['size', { width: 3, height: 4 }],
    ['classes', { classes: ['ball', 'doll'] }],
  ])('are different by %s, where a hash is missing', (_, change) => {
    const old = originOf({}, { datasetSha256: undefined });
    expect(haveSameData(originOf({}), old)).toBe(true);
    expect(haveSameData(originOf(change), old)).toBe(false);
  });

  test('may be any where nothing is said of them', () => {
    const silent = originOf(
      {},
      { dataset: undefined, datasetSha256: undefined, classNames: undefined },
    );
    expect(haveSameData(silent, originOf({}))).toBe(true);
    expect([silent, originOf({}), originOf({ classes: [] })].map(hasNoClasses)).toEqual([
      false,
      false,
      true,
    ]);
  });
});

test('what a model draws is digits where the data are MNIST, or older than their name', () => {
  const classes = ['0', '1'].map((name, number) => ({ number, name }));
  const size = { width: 28, height: 28 };
  for (const dataset of ['MNIST', undefined]) {
    const origin = dataOriginOf(dataset ? { dataset } : {}, 784, 2);
    expect(motifOf(origin, origin)).toEqual({ title: 'digit', ...size, classes });
  }
  const toys = originOf({});
  expect(motifOf(toys, toys)).toMatchObject({ title: 'toys', width: 4, height: 3 });
  expect(motifOf(toys, undefined).classes).toEqual([]);
});
