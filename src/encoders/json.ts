/** Digits as JSON documents: https://www.rfc-editor.org/rfc/rfc8259. Not here: pictures, reading. */

import { CONFIDENCE_DECIMALS } from '../digit.ts';
import type { Image } from './pixels.ts';

/** A digit with everything that a document says about it. */
export interface DigitRecord extends Image {
  /** The number of its class; undefined where a model has no classes. */
  readonly label: number | undefined;
  /** The name of its class, where classes have other names than their numbers. */
  readonly name?: string | undefined;
  /** The class that was asked for, where it is another: no candidate was of that class, and this one came nearest. */
  readonly asked?: number | undefined;
  /** The classifier's probability of the label, where there is one. */
  readonly confidence: number | undefined;
  /** One of the two is there. */
  readonly seed?: string | undefined;
  /** As text, as addresses have it. */
  readonly latent?: string | undefined;
  /** The model that drew it, by 16 hex digits of its hash. */
  readonly model: string;
  /** The path and query of this very digit as JSON. */
  readonly path: string;
}

/** A number, written in digits. */
export interface NumberRecord {
  /** Its figures, such as 2024. */
  readonly number: string;
  /** One for each figure. */
  readonly digits: readonly DigitRecord[];
  readonly seed: string;
  readonly model: string;
  /** The path and query of this very number as JSON. */
  readonly path: string;
}

export interface DocumentOptions {
  /** What paths are below: nothing, or what makes them absolute, such as https://example.com or https://example.com/digits */
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

export function encodeNumber(record: NumberRecord, { origin }: DocumentOptions): string {
  const { number, seed, model, digits, path } = record;
  return JSON.stringify({
    number,
    seed,
    model,
    digits: digits.map((digit) => documentOf(digit, origin)),
    url: origin + path,
  });
}

function documentOf(digit: DigitRecord, origin: string): object {
  const { seed, latent, label, name, asked, confidence, model, width, height, pixels, path } =
    digit;
  return {
    seed,
    latent,
    label,
    name,
    asked,
    confidence: confidence && Number(confidence.toFixed(CONFIDENCE_DECIMALS)),
    model,
    width,
    height,
    pixels: Array.from(pixels),
    url: origin + path,
  };
}
