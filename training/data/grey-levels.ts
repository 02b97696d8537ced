/** Grey levels 0…255, as images have them, and −1…1, as the GAN has them: its generator ends in tanh. */

const HALF = 127.5;

/** −1…1 for each of the 256 grey levels. */
export const SCALED = Float32Array.from({ length: 256 }, (_, level) => (level - HALF) / HALF);

/** −1…1 → 0…255, rounded. */
export function greyLevels(pixels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(pixels, (value) => Math.round((value + 1) * HALF));
}
