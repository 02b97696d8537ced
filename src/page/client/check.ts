/** Checks that this browser draws what the server draws. */

import { CONFIDENCE_DECIMALS, nounOf } from '../../digit.ts';
import type { Model } from '../../weights/model.ts';
import { addressOf } from './links.ts';
import { drawingOf } from './source.ts';

const JSON_FORM = { name: 'json', options: [] };

/** @returns what came of it, as a sentence for the page */
export async function compareWithServer(model: Model, seed: string): Promise<string> {
  const path = addressOf(drawingOf({ seed }, model), JSON_FORM, { scale: 1 });
  const response = await fetch(path).catch(() => undefined);
  if (response?.status === 404) return 'The server has a new model: reload this page.';
  if (!response?.ok) {
    return `The server did not answer, so its ${nounOf(model.motif)}s could not be compared.`;
  }
  const theirs = (await response.json()) as ServedDigit;
  const { pixels, label, confidence } = model.sampler.digit(seed);
  const same =
    theirs.label === (label === undefined ? undefined : model.motif.classes[label].number) &&
    theirs.confidence === (confidence && Number(confidence.toFixed(CONFIDENCE_DECIMALS))) &&
    theirs.pixels.length === pixels.length &&
    theirs.pixels.every((level, i) => level === pixels[i]);
  const verdict = same ? 'yes' : 'no, which is a bug: please report it';
  return `The same bytes as the server’s: ${verdict}. Compared for seed ${seed}, model ${model.shownHash}.`;
}

interface ServedDigit {
  readonly label?: number;
  readonly confidence?: number;
  readonly pixels: readonly number[];
}
