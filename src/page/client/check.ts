/** Whether this browser draws what the server draws. */

import { CONFIDENCE_DECIMALS } from '../../digit.ts';
import { type Model } from '../../weights/model.ts';
import { digitPath } from './links.ts';

/** What was compared, for people. */
export async function compareWithServer(model: Model, seed: string): Promise<string> {
  const path = digitPath(seed, model.shownHash, 'json');
  const response = await fetch(path).catch(() => undefined);
  if (response?.status === 404) return 'The server has another model by now: load this page again.';
  if (!response?.ok) return 'The server could not be asked whether it draws the same.';
  const theirs = (await response.json()) as ServedDigit;
  const { pixels, label, confidence } = model.sampler.digit(seed);
  const same =
    theirs.label === label &&
    theirs.confidence === Number(confidence.toFixed(CONFIDENCE_DECIMALS)) &&
    theirs.pixels.length === pixels.length &&
    theirs.pixels.every((level, i) => level === pixels[i]);
  const verdict = same ? 'yes' : 'no, which is a fault worth reporting';
  return `The same bytes as the server’s: ${verdict}. Compared by the seed ${seed}, model ${model.shownHash}.`;
}

interface ServedDigit {
  readonly label: number;
  readonly confidence: number;
  readonly pixels: readonly number[];
}
