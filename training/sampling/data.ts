/** Files of raw pixels, written digit by digit: a series may be too long to be held in memory. */

import { setImmediate as breathe } from 'node:timers/promises';

import type { PictureClass } from '../../src/digit.ts';
import { idxHeader } from '../../src/encoders/idx.ts';
import { wishOf } from '../../src/routes/digit.ts';
import { freshSeed, seedInSeries } from '../../src/sampler/seed.ts';
import type { Model } from '../../src/weights/model.ts';
import { UsageError } from '../cli/failure.ts';
import { PartialFiles } from '../cli/files.ts';
import { amountOf } from './answer.ts';
import type { SampleRequest } from './request.ts';

/** Digits between two steps of the progress bar, and two chances for Ctrl-C to be heard. */
const CHUNK = 250;

/** Progress of the work, and whether it is to stop. */
export interface Watch {
  progress(done: number): void;
  interrupted(): boolean;
}

/**
 * Writes pixels, and beside `NAME.idx` their labels as `NAME.labels.idx`. Files get their names when
 * they are whole, and none if the work is interrupted.
 * @returns what to say about it; undefined if it was interrupted
 */
export async function sampleData(
  model: Model,
  headerOf: NonNullable<SampleRequest['headerOf']>,
  { count, options, format }: SampleRequest,
  out: string,
  { progress, interrupted }: Watch,
): Promise<string | undefined> {
  const { label, raw, seed = freshSeed() } = options;
  if (label !== undefined && raw === 1 && !model.isConditional) {
    const found = `--label: found ${label} with --raw`;
    throw new UsageError(`${found}, expected one of them, since the generator is unconditional.`);
  }
  const { width, height, classes } = model.motif;
  const wish = wishOf(options, model.motif);
  const seedAt = (index: number) => (count === undefined ? seed : seedInSeries(seed, index));
  const total = count ?? 1;
  const files = new PartialFiles();
  try {
    const images = files.open(out);
    const labelsPath = out.replace(/\.idx$/i, '.labels.idx');
    const labelBytes = bytesOf(classes);
    const hasLabels = format === 'idx' && classes.length > 0;
    const labels = hasLabels ? files.open(labelsPath) : undefined;
    images.write(headerOf([total, height, width]));
    labels?.write(idxHeader([total]));
    for (let start = 0; start < total; start += CHUNK) {
      await breathe();
      if (interrupted()) return undefined;
      const size = Math.min(CHUNK, total - start);
      const seeds = Array.from({ length: size }, (_, i) => seedAt(start + i));
      const digits = model.sampler.digits(seeds, wish);
      for (const { pixels } of digits) images.write(pixels);
      labels?.write(Uint8Array.from(digits, (digit) => labelBytes[digit.label ?? 0]));
      progress(start + size);
    }
    files.finish();
    const beside = labels === undefined ? '' : `, labels in ${labelsPath}`;
    return `${out}: ${amountOf(total, model.motif)} of the seed '${seed}'${beside}`;
  } finally {
    files.discard();
  }
}

const MAX_BYTE = 255;

/** What stands for each class in a file of bytes: its number or, where one of them is no byte, its place. */
function bytesOf(classes: readonly PictureClass[]): number[] {
  const areBytes = classes.every(({ number }) => number <= MAX_BYTE);
  return classes.map(({ number }, place) => (areBytes ? number : place));
}
