/** How long each picture of a walk is shown. */

import type { Frame, Image } from './pixels.ts';

const FRAME_MS = 60;
/** Both ends of a walk stand still for a moment. */
const END_MS = 600;

/** The frames of an animation that walks from the first picture to the last. */
export function framesOf(images: readonly Image[]): readonly Frame[] {
  return images.map((image, index) => {
    const isEnd = index === 0 || index === images.length - 1;
    return { image, delayMs: isEnd ? END_MS : FRAME_MS };
  });
}
