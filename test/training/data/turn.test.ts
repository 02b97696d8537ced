import { expect, test } from 'vitest';

import { turned } from '../../../training/data/turn.ts';

const images = {
  count: 2,
  width: 3,
  height: 2,
  images: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255),
};

test('transposing exchanges rows and columns of each image', () => {
  expect(turned(images, { transpose: true, invert: false })).toEqual({
    count: 2,
    width: 2,
    height: 3,
    images: Uint8Array.of(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 255),
  });
});

test('inverting exchanges ink and paper', () => {
  const { images: inverted } = turned(images, { transpose: false, invert: true });
  expect([...inverted]).toEqual([...images.images].map((level) => 255 - level));
});
