/** Seeds, and what is drawn from them. */

import { bytesToHex } from '@noble/hashes/utils.js';

import type { Random } from './random.ts';

/** Latents are whole multiples of 2⁻¹², within ±32767 · 2⁻¹² = ±8 standard deviations. */
export const LATENT_FRACTION_BITS = 12;
const LATENT_LIMIT = 32767;

/** A seed of 16 hex digits from the runtime's own randomness. */
export function freshSeed(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(8)));
}

/** The next latent vector of `random`: `size` deviates of N(0, 1), in units of 2⁻¹². */
export function latentOf(random: Random, size: number): Int16Array {
  return Int16Array.from({ length: size }, () => {
    const units = Math.round(random.normal() * 2 ** LATENT_FRACTION_BITS);
    return Math.max(-LATENT_LIMIT, Math.min(units, LATENT_LIMIT));
  });
}
