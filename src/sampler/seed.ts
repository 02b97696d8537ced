/** Seeds, and what is drawn from them. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { Random } from './random.ts';

/** Latents are whole multiples of 2⁻¹², within ±32767 · 2⁻¹² = ±8 standard deviations. */
export const LATENT_FRACTION_BITS = 12;
export const MAX_LATENT = 32767;
/** 1 in a latent's units. */
export const LATENT_ONE = 2 ** LATENT_FRACTION_BITS;

/** The number of a latent that is nearest to `units`, which need not be whole. */
export function nearestLatent(units: number): number {
  return Math.max(-MAX_LATENT, Math.min(Math.round(units), MAX_LATENT));
}

/** Bytes of the seeds that are drawn here; they are shown in twice as many hex digits. */
const SEED_BYTES = 8;

/** A seed of 16 hex digits from the runtime's own randomness. */
export function freshSeed(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(SEED_BYTES)));
}

/**
 * The seed of digit `index` of a series: 16 hex digits, the first of SHA-256 of the index in decimal,
 * a space and the series' seed.
 */
export function seedInSeries(seed: string, index: number): string {
  return bytesToHex(sha256(utf8ToBytes(`${index} ${seed}`)).subarray(0, SEED_BYTES));
}

/** The next latent vector of `random`: `size` deviates of N(0, 1), in units of 2⁻¹². */
export function latentOf(random: Random, size: number): Int16Array {
  const latent = new Int16Array(size);
  for (let i = 0; i < size; i++) latent[i] = nearestLatent(random.normal() * LATENT_ONE);
  return latent;
}

/** A latent with its class behind it, one-hot in the latent's unit: what a labelled generator takes. */
export function withClass(latent: Int16Array, label: number, classes: number): Int16Array {
  const input = new Int16Array(latent.length + classes);
  input.set(latent);
  input[latent.length + label] = LATENT_ONE;
  return input;
}
