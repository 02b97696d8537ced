/** What users see of a mint. It names no other types than those of the language, so that any project can check them. */

import type { Image } from '../encoders/pixels.ts';

/** Bytes, or where they are: a URL, in Node also a path. */
export type Source = string | { readonly href: string } | Uint8Array | ArrayBuffer;

export interface ModelOptions {
  /** Other weights than the package's: a `build/model.safetensors` that `npm run build` made of yours. */
  readonly weights?: Source;
}

/** Which digit of a seed is wanted. */
export interface DigitOptions {
  /** The class, by its number or its name; any if absent. */
  readonly label?: number | string;
  /** Take the first candidate as it is, whatever the classifier says. */
  readonly raw?: boolean;
}

/** A digit that a mint has drawn. */
export interface MintedDigit extends Image {
  /** The number of its class. The package's own weights always have one, weights of yours as far as they know classes. */
  readonly label: number | undefined;
  /** The class's name, where classes have names. */
  readonly name: string | undefined;
  /** The classifier's probability of the class, if there is a classifier. */
  readonly confidence: number | undefined;
  /** Draws this very digit again. */
  readonly seed: string;
  /** The model that drew it, by 16 hex digits of its hash. */
  readonly model: string;
}

/** A number that a mint has drawn: digits side by side. */
export interface MintedNumber extends Image {
  readonly digits: readonly MintedDigit[];
  readonly seed: string;
  readonly model: string;
}

/** Draws digits. The same seed gives the same digit, on every engine, as long as the model is the same. */
export interface Mint {
  /** The model, by 16 hex digits of its hash. */
  readonly model: string;
  /** Of a digit, in pixels. */
  readonly width: number;
  readonly height: number;
  /** What labels there are: of digits, 0 to 9. */
  readonly classes: readonly { readonly number: number; readonly name: string }[];
  /**
   * One digit, as `/digit?seed=` has it.
   * @param seed any text; without it, a fresh one is drawn
   * @throws RangeError for a label that there is not
   */
  digit(seed?: string, options?: DigitOptions): MintedDigit;
  /**
   * Many digits, as `/digits?seed=` has them, each with a seed of its own: fewer are a prefix of more.
   * @throws RangeError for a count that is no whole number, or a label that there is not
   */
  digits(seed: string | undefined, count: number, options?: DigitOptions): MintedDigit[];
  /**
   * A number, each of its digits drawn from the seed and its position, as `/number/2024?seed=` has them.
   * @param number decimal digits, such as 2024 or '007'
   * @throws RangeError for anything else, or where weights of yours draw no such digits
   */
  number(
    number: string | number | bigint,
    options?: { readonly seed?: string; readonly raw?: boolean },
  ): MintedNumber;
  /**
   * Pictures on the way between the digits of two seeds, both included, as `/walk` has them.
   * @param frames how many, at least 2
   */
  walk(from: string, to: string, frames?: number, options?: DigitOptions): Image[];
}

export interface MintOptions extends ModelOptions {
  /** Take each seed's first candidate as it is, whatever the classifier says, unless a call asks otherwise. */
  readonly raw?: boolean;
}
