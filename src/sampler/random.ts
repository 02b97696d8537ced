/**
 * The one source of randomness of this project: seeds, latents, batches, initial weights.
 *
 * Only integer operations, + − × ÷ and Math.sqrt on doubles are used, which IEEE 754 fixes, so a
 * seed gives the same numbers on every engine and processor. It is not meant for secrets.
 */

import { sha256 } from '@noble/hashes/sha2.js';

const STATE_WORDS = 4;

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators",
 * https://prng.di.unimi.it/xoshiro128starstar.c), with normal deviates.
 */
export class Random {
  readonly #state: Uint32Array;

  /**
   * @param state four 32-bit words, not all zero; copied
   * @throws RangeError for any other state
   */
  constructor(state: Uint32Array) {
    if (state.length !== STATE_WORDS || state.every((word) => word === 0)) {
      throw new RangeError(
        `a random state is ${STATE_WORDS} words that are not all zero, found [${state.join(', ')}]`,
      );
    }
    this.#state = state.slice();
  }

  /**
   * The generator that belongs to a text: its state is the first 16 bytes of the SHA-256 of the
   * text in UTF-8, read as little-endian words. Neighbouring texts give unrelated generators.
   */
  static fromString(seed: string): Random {
    const hash = sha256(new TextEncoder().encode(seed));
    const view = new DataView(hash.buffer, hash.byteOffset);
    return new Random(
      Uint32Array.from({ length: STATE_WORDS }, (_, word) => view.getUint32(4 * word, true)),
    );
  }

  /** A copy of the four words; `new Random(random.state)` goes on from here. */
  get state(): Uint32Array {
    return this.#state.slice();
  }

  /** A whole number, uniform in 0 … 2³² − 1. */
  nextUint32(): number {
    const state = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotateLeft(state[3], 11);
    return result;
  }

  /** Uniform in the open interval (0, 1): the middles of 2⁵² equal parts, so that 1 − u is as likely as u. */
  nextFloat64(): number {
    const high = this.nextUint32() >>> 6;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low + 0.5) * 2 ** -52;
  }

  /** A whole number, uniform in 0 … count − 1 but for a bias below count / 2³². */
  below(count: number): number {
    return Math.floor((this.nextUint32() * count) / 2 ** 32);
  }

  /** A standard normal deviate, N(0, 1), between −8.3 and 8.3. */
  normal(): number {
    return normalQuantile(this.nextFloat64());
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * The number below which a standard normal deviate lies with the given probability, to about 1 part
 * in 10¹⁶ (Wichura 1988, algorithm AS 241, routine PPND16; Applied Statistics 37, 477–484).
 *
 * @param probability in the open interval (0, 1)
 */
export function normalQuantile(probability: number): number {
  const fromMiddle = probability - 0.5;
  if (Math.abs(fromMiddle) <= 0.425) {
    const r = 0.180625 - fromMiddle * fromMiddle;
    return (fromMiddle * polynomial(CENTRE_ABOVE, r)) / polynomial(CENTRE_BELOW, r);
  }
  const tail = fromMiddle < 0 ? probability : 1 - probability;
  const r = Math.sqrt(-naturalLogarithm(tail));
  const magnitude =
    r <= 5
      ? polynomial(TAIL_ABOVE, r - 1.6) / polynomial(TAIL_BELOW, r - 1.6)
      : polynomial(FAR_TAIL_ABOVE, r - 5) / polynomial(FAR_TAIL_BELOW, r - 5);
  return fromMiddle < 0 ? -magnitude : magnitude;
}

/**
 * ln x for 0 < x ≤ 1 in arithmetic that IEEE 754 fixes, which Math.log is not.
 * With x = m · 2⁻ᵏ and m in [0.7, 1.4): ln x = 2 artanh((m − 1) / (m + 1)) − k ln 2.
 */
function naturalLogarithm(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < 0.7) {
    mantissa *= 2;
    halvings++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  return 2 * s * polynomial(ARTANH, s * s) - halvings * Math.LN2;
}

/** Horner's scheme; coefficients of rising powers. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let power = coefficients.length - 1; power >= 0; power--)
    sum = sum * x + coefficients[power];
  return sum;
}

/** artanh(s) / s in powers of s²; |s| < 0.1765, so the first term left out is below 2 · 10⁻¹⁸. */
const ARTANH = [1, 1 / 3, 1 / 5, 1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15, 1 / 17, 1 / 19, 1 / 21];

// The coefficients of AS 241: a and b, c and d, e and f, rounded to doubles.
const CENTRE_ABOVE = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_BELOW = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const TAIL_ABOVE = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const TAIL_BELOW = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_TAIL_ABOVE = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_TAIL_BELOW = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];
