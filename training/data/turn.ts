/** Images turned the way that networks see them: rows above one another, and light ink on dark paper. */

import type { DataOptions } from './options.ts';
import type { Collection } from './source.ts';

type Images = Pick<Collection, 'count' | 'width' | 'height' | 'images'>;

/** Exchanges rows and columns, and ink and paper, as asked. */
export function turned(
  images: Images,
  { transpose, invert }: Pick<DataOptions, 'transpose' | 'invert'>,
): Images {
  const upright = transpose ? transposed(images) : images;
  if (!invert) return upright;
  return { ...upright, images: upright.images.map((level) => 255 - level) };
}

function transposed({ count, width, height, images }: Images): Images {
  const turnedImages = new Uint8Array(images.length);
  let to = 0;
  for (let image = 0; image < count; image++) {
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < height; row++) {
        turnedImages[to++] = images[(image * height + row) * width + column];
      }
    }
  }
  return { count, width: height, height: width, images: turnedImages };
}
