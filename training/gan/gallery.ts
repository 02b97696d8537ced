/** What a run shows of its generator: files of its weights, and previews, each with a snapshot. */

import type { Dataset } from '../data/dataset.ts';
import { serializeGenerator } from './generator-file.ts';
import { type Position, currentEpoch } from './position.ts';
import { drawPreview, previewLatents } from './preview.ts';
import { type Settings, recipeOf } from './recipe.ts';
import { hasPreview, writePreview } from './run-folder.ts';
import { type Trainer, shownGenerator } from './trainer.ts';

export interface Gallery {
  /** The float file of the generator as it is. */
  file(position: Position): Uint8Array;
  /** Draws the preview of the epoch that has just ended, or else of the one in progress. */
  preview(position: Position): void;
  /** Whether that epoch has a preview, be it of fewer steps. */
  hasPreview(position: Position): boolean;
}

export function createGallery(
  trainer: Trainer,
  { settings, dataset }: { readonly settings: Settings; readonly dataset: Dataset },
): Gallery {
  const { out } = settings;
  const generator = shownGenerator(trainer);
  const latents = previewLatents(settings);
  const file = ({ epoch }: Position): Uint8Array =>
    serializeGenerator(generator, {
      recipe: recipeOf(settings),
      epochs: epoch,
      dataset,
    });
  return {
    file,
    preview(position) {
      const picture = drawPreview(generator, latents, settings, dataset);
      writePreview(out, currentEpoch(position), { picture, generator: file(position) });
    },
    hasPreview: (position) => hasPreview(out, currentEpoch(position)),
  };
}
