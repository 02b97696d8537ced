/** Digits as JSON documents: https://www.rfc-editor.org/rfc/rfc8259. Not here: pictures, reading. */

import { CONFIDENCE_DECIMALS, DIGIT_SIDE } from '../digit.ts';

/** A digit with everything that a document says about it. */
export interface DigitRecord {
  /** Grey levels 0 … 255, row by row; 255 is ink. */
  readonly pixels: Uint8Array;
  readonly label: number;
  /** The classifier's probability of the label. */
  readonly confidence: number;
  readonly seed: string;
  /** The model that drew it, by 16 hex digits of its hash. */
  readonly model: string;
  /** The path and query of this very digit as JSON. */
  readonly path: string;
}

export interface DocumentOptions {
  /** What makes paths absolute, such as https://digits.example.com */
  readonly origin: string;
}

export function encodeDigit(digit: DigitRecord, { origin }: DocumentOptions): string {
  return JSON.stringify(documentOf(digit, origin));
}

/** @param digits at least one, all of one model */
export function encodeDigits(digits: readonly DigitRecord[], { origin }: DocumentOptions): string {
  return JSON.stringify({
    model: digits[0].model,
    count: digits.length,
    digits: digits.map((digit) => documentOf(digit, origin)),
  });
}

function documentOf(digit: DigitRecord, origin: string): object {
  const { seed, label, confidence, model, pixels, path } = digit;
  return {
    seed,
    label,
    confidence: Number(confidence.toFixed(CONFIDENCE_DECIMALS)),
    model,
    width: DIGIT_SIDE,
    height: DIGIT_SIDE,
    pixels: Array.from(pixels),
    url: origin + path,
  };
}
