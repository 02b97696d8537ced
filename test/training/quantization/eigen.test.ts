import { describe, expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import { eigenOf } from '../../../training/quantization/eigen.ts';

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
