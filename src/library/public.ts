/** What every variant of the package exports, but for `createMint`, which each platform has of its own. */

export type { Image } from '../encoders/pixels.ts';
export * from './encode.ts';
export type {
  DigitOptions,
  Mint,
  MintedDigit,
  MintedNumber,
  MintOptions,
  ModelOptions,
  Source,
} from './types.ts';
