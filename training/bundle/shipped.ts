/** The models that the Worker answers with, as commands load them from what has been built. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { createModel, type Model } from '../../src/weights/model.ts';
import { UsageError } from '../cli/failure.ts';
import { ASSETS, MODELS_FOLDER } from './assets.ts';
import { build, ROOT } from './build.ts';
import { loadKernel } from './engine.ts';
import { SAMPLER_KERNEL } from './kernels.ts';
import { MODEL } from './model.ts';

/** The current model. */
export async function loadCurrent(): Promise<Model> {
  await build([SAMPLER_KERNEL, MODEL]);
  return modelIn(join(ROOT, MODEL.outputs[0]));
}

/**
 * The current model or an earlier one.
 * @param digits at least 8 of its hash
 * @throws UsageError if there is none
 */
export async function loadNamed(digits: string): Promise<Model> {
  await build([SAMPLER_KERNEL, ASSETS]);
  const folder = join(ROOT, MODELS_FOLDER);
  const names = readdirSync(folder).map((file) => file.replace('.safetensors', ''));
  const asked = digits.toLowerCase();
  const name = names.find((each) => each.startsWith(asked.slice(0, each.length)));
  const model =
    name === undefined || !/^[0-9a-f]{8,64}$/.test(asked)
      ? undefined
      : modelIn(join(folder, `${name}.safetensors`));
  if (model?.hash.startsWith(asked)) return model;
  const expected = `the hash of a model that is here: ${names.join(' or ')}`;
  throw new UsageError(`--model: found '${digits}', expected ${expected}.`);
}

function modelIn(path: string): Model {
  return createModel(loadKernel(), readFileSync(path));
}
