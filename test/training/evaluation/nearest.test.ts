import { expect, test } from 'vitest';

import { Random } from '../../../src/sampler/random.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { nearestImages } from '../../../training/evaluation/nearest.ts';
import { LIKE_MNIST } from '../helpers.ts';

const random = Random.fromString('noise');

function datasetOf(images: Uint8Array): Dataset {
  const count = images.length / 784;
  const about = { name: 'noise', sha256: 'of noise', ...LIKE_MNIST };
  return { ...about, count, images, labels: new Uint8Array(count) };
}

/** The grey levels of the picture in this column and row of a grid. */
function cell(
  { width, pixels }: { width: number; pixels: Uint8Array },
  column: number,
  row: number,
) {
  return Array.from({ length: 784 }, (_, i) => {
    const [y, x] = [28 * row + Math.floor(i / 28), 28 * column + (i % 28)];
    return pixels[y * width + x];
  });
}

test('below each generated picture are its three nearest images, the nearest first', () => {
  const images = Uint8Array.from({ length: 30 * 784 }, () => random.below(200));
  const imageAt = (index: number) => images.subarray(784 * index, 784 * (index + 1));
  // The first is image 17 with a little noise, and image 5 with more; the second a copy of image 3.
  images.set(
    imageAt(17).map((level) => level + random.below(40)),
    784 * 5,
  );
  const generated = new Uint8Array(2 * 784);
  generated.set(imageAt(17).map((level) => level + random.below(8)));
  generated.set(imageAt(3), 784);

  const picture = nearestImages(generated, datasetOf(images));
  expect(picture).toMatchObject({ width: 2 * 28, height: 4 * 28 });
  expect(cell(picture, 0, 0)).toEqual([...generated.subarray(0, 784)]);
  expect(cell(picture, 0, 1)).toEqual([...imageAt(17)]);
  expect(cell(picture, 0, 2)).toEqual([...imageAt(5)]);
  expect(cell(picture, 1, 0)).toEqual([...imageAt(3)]);
  expect(cell(picture, 1, 1)).toEqual([...imageAt(3)]);
});

test('twenty generated pictures are shown, and no more images than there are', () => {
  const pixels = new Uint8Array(50 * 784);
  expect(nearestImages(pixels, datasetOf(new Uint8Array(2 * 784)))).toMatchObject({
    width: 20 * 28,
    height: 3 * 28,
  });
});
