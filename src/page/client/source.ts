/** What a digit on the page comes from: a seed, as on the wall, or a latent, as under the sliders. */

import { latentOfText } from '../../http/latent.ts';
import type { Digit } from '../../sampler/sampler.ts';
import { withClass } from '../../sampler/seed.ts';
import type { Model } from '../../weights/model.ts';
import type { Drawing } from './links.ts';

export interface Source {
  readonly seed?: string | undefined;
  readonly latent?: string | undefined;
  /** The number of the class that it is asked for, if it is. */
  readonly label?: number | undefined;
}

/** The digit of a source; undefined for one that this model does not have. */
export function drawnFrom({ seed, latent, label }: Source, model: Model): Digit | undefined {
  const { sampler, motif, isConditional } = model;
  const place = motif.classes.findIndex(({ number }) => number === label);
  if (seed !== undefined) return sampler.digit(seed, place < 0 ? {} : { label: place });
  const numbers = latentOfText(latent ?? '');
  if (numbers?.length !== sampler.latentSize || isConditional !== place >= 0) return undefined;
  if (numbers.some((units) => Math.abs(units) > sampler.maxLatent)) return undefined;
  return sampler.draw(isConditional ? withClass(numbers, place, motif.classes.length) : numbers);
}

/** Where the server has it. */
export function drawingOf({ seed, latent, label }: Source, { shownHash: model }: Model): Drawing {
  return { path: '/digit', values: { seed, model, label, latent } };
}
