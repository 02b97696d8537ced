/**
 * What each model draws for some seeds: the SHA-256 of the 784 grey levels, and the label; and that of whole answers. Those
 * of the current model are in golden.json, those of each earlier one in earlier/. A seed is a promise, so nothing recorded
 * ever changes. To record those of new weights, and put aside those of the weights before:
 *
 *     npm run build && npx node test/src/golden.ts
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

import { createApp } from '../../src/app.ts';
import { createModel, type Model } from '../../src/weights/model.ts';
import { shownHashOf } from '../../src/weights/packed.ts';
import { loadKernel } from '../../training/bundle/engine.ts';

const goldenFile = new URL('golden.json', import.meta.url);
const earlierFolder = new URL('earlier/', import.meta.url);
const SEEDS = ['7', 'digitmint', 'Ziffer für dich', '数字', '👩‍🚀', 'a'.repeat(64)];
/** Answers that any model has; answers.ts has every format, for a model of its own. */
const PATHS = [
  '/digit.png?seed=a&scale=2',
  '/digit.json?seed=a',
  '/digits.npy?seed=a&count=5',
  '/walk.gif?from=a&to=b&frames=5',
];

export interface Golden {
  /** 64 hex digits. */
  readonly model: string;
  /** By seed. */
  readonly digits: Readonly<Record<string, GoldenDigit>>;
  /** 64 hex digits by path, to which a permalink adds the model. */
  readonly answers: Readonly<Record<string, string>>;
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
  const shown = Number(confidence.toFixed(4));
  return { pixels: hashOf(Uint8Array.from(digit.pixels)), label, confidence: shown };
}

/** Of the current model. */
export function readGolden(): Golden {
  return JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
}

/** Of the models before it. */
export function readEarlierGoldens(): Golden[] {
  const names = existsSync(earlierFolder) ? readdirSync(earlierFolder) : [];
  return names.map((name) => {
    return JSON.parse(readFileSync(new URL(name, earlierFolder), 'utf8')) as Golden;
  });
}

/** 64 hex digits, such as those for the grey levels of a digit. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const weightsFile = (hash: string) =>
  new URL(`../../weights/earlier/${shownHashOf(hash)}.safetensors`, import.meta.url);

/** The shipped model, here in Node. */
export function shippedModel(): Model {
  return modelIn(new URL('../../build/model.safetensors', import.meta.url));
}

/** An earlier model. @param hash 64 hex digits */
export function earlierModel(hash: string): Model {
  return modelIn(weightsFile(hash));
}

function modelIn(file: URL): Model {
  return createModel(loadKernel(), readFileSync(file));
}

/** What it draws now. */
export async function goldenOf(model: Model): Promise<Golden> {
  const digits = SEEDS.map((seed) => [seed, summaryOf(model.sampler.digit(seed))] as const);
  const app = createApp(model);
  const answers: Record<string, string> = {};
  for (const path of PATHS) {
    const response = await app.request(`${path}&model=${model.hash}`, {}, {});
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    answers[path] = hashOf(new Uint8Array(await response.arrayBuffer()));
  }
  return { model: model.hash, digits: Object.fromEntries(digits), answers };
}

if (import.meta.main) {
  const write = (file: URL, golden: Golden) =>
    writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
  const aside = (hash: string) => new URL(`${shownHashOf(hash)}.json`, earlierFolder);
  const recorded = readGolden();
  const current = await goldenOf(shippedModel());
  if (recorded.model !== current.model && existsSync(weightsFile(recorded.model))) {
    write(aside(recorded.model), recorded);
  }
  rmSync(aside(current.model), { force: true });
  write(goldenFile, current);
}
