/**
 * What the shipped model draws for some seeds, in golden.json: the SHA-256 of the 784 grey levels, and the
 * label. A seed is a promise, so these change only with the weights. To record those of new weights:
 *
 *     npm run build && npx node test/src/golden.ts
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import { createModel } from '../../src/weights/model.ts';
import { loadKernel } from '../../training/bundle/engine.ts';

const goldenFile = new URL('golden.json', import.meta.url);
const SEEDS = ['7', 'digitmint', 'Ziffer für dich', '数字', '👩‍🚀', 'a'.repeat(64)];

export interface Golden {
  /** 64 hex digits. */
  readonly model: string;
  /** By seed. */
  readonly digits: Readonly<Record<string, GoldenDigit>>;
}

export interface GoldenDigit {
  /** 64 hex digits. */
  readonly pixels: string;
  readonly label: number;
  /** With four decimals, as answers show it. */
  readonly confidence: number;
}

/** A digit, as golden.json has it. */
export function summaryOf(digit: {
  pixels: Iterable<number>;
  label: number | undefined;
  confidence: number | undefined;
}): GoldenDigit {
  const { label = -1, confidence = -1 } = digit;
  return { pixels: hashOfPixels(digit.pixels), label, confidence: Number(confidence.toFixed(4)) };
}

export function readGolden(): Golden {
  return JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
}

/** 64 hex digits for the grey levels of a digit. */
export function hashOfPixels(pixels: Iterable<number>): string {
  return createHash('sha256').update(Uint8Array.from(pixels)).digest('hex');
}

const fileOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

/** The shipped model, here in Node. */
export function shippedModel() {
  return createModel(loadKernel(), fileOf('build/model.safetensors'));
}

if (import.meta.main) {
  const model = shippedModel();
  const digits = SEEDS.map((seed) => [seed, summaryOf(model.sampler.digit(seed))] as const);
  const golden: Golden = { model: model.hash, digits: Object.fromEntries(digits) };
  writeFileSync(goldenFile, `${JSON.stringify(golden, null, 2)}\n`);
}
