import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { eigenOf, strongestOf } from '../../../training/quantization/eigen.ts';

describe('eigenvalues and eigenvectors', () => {
  test('of a matrix whose ones are known', () => {
    const { values, vectors } = eigenOf(Float64Array.of(2, 1, 1, 2), 2);
    expect(Math.min(...values)).toBeCloseTo(1, 12);
    expect(Math.max(...values)).toBeCloseTo(3, 12);
    expect(Math.abs(vectors[0])).toBeCloseTo(Math.SQRT1_2, 12);
  });

  test('put the matrix together again, which stays as it was', () => {
    const size = 20;
    const random = Random.fromString('symmetric');
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
    }
    const before = matrix.slice();
    const { values, vectors } = eigenOf(matrix, size);
    expect(matrix).toEqual(before);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let [sum, product] = [0, 0];
        for (let k = 0; k < size; k++) {
          sum += vectors[i * size + k] * values[k] * vectors[j * size + k];
          product += vectors[k * size + i] * vectors[k * size + j];
        }
        expect(sum).toBeCloseTo(matrix[i * size + j], 10);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
      }
    }
  });
});

/** Eigenvalues along the axes; (size) → (size) */
const stretched = (values: readonly number[]) => (vector: Float64Array) =>
  vector.map((x, i) => x * values[i]);
const axesOf = (vectors: readonly Float64Array[]) =>
  vectors.map((vector) => {
    const magnitudes = Array.from(vector, Math.abs);
    const axis = magnitudes.indexOf(Math.max(...magnitudes));
    expect(magnitudes[axis]).toBeCloseTo(1, 4);
    return axis;
  });

describe('the strongest eigenvectors of a matrix that is known by its products', () => {
  test('come first, in a space of any size', () => {
    const size = 5000;
    const values = Array.from({ length: size }, (_, i) => i / size);
    for (const [rank, axis] of [17, 4000, 3].entries()) values[axis] = 4 - rank;
    expect(axesOf(strongestOf(stretched(values), size, 3))).toEqual([17, 4000, 3]);
  });

  test('are there where several are equally strong, and where most are nothing', () => {
    const values = [0, 5, 0, 5, 0, 0, 7];
    const vectors = strongestOf(stretched(values), values.length, 7);
    expect(axesOf(vectors.slice(0, 1))).toEqual([6]);
    for (const [i, a] of vectors.entries()) {
      for (const [j, b] of vectors.entries()) {
        const product = a.reduce((sum, x, k) => sum + x * b[k], 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
      }
      const image = stretched(values)(a);
      const value = i === 0 ? 7 : i < 3 ? 5 : 0;
      for (const [k, x] of a.entries()) expect(image[k]).toBeCloseTo(value * x, 10);
    }
  });
});
