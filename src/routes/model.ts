/** `/model`: where the digits come from, in numbers. */

import type { Handler } from 'hono';

import { answerDocument } from '../http/answer.ts';
import type { AppEnv } from '../http/bindings.ts';
import { queryOf, readOptions } from '../http/query.ts';
import type { Model } from '../weights/model.ts';
import type { Metadata } from '../weights/packed.ts';
import { modelOf, type Models } from './models.ts';

/** Of the current model, or of the one that `model` names; and which ones there are. */
export function aboutModel(models: Models): Handler<AppEnv> {
  return async (c) => {
    // For whoever names a model wrongly; all other parameters are ignored.
    readOptions(queryOf(c.req.url), ['model']);
    const description = describeModel(await modelOf(c, models));
    const { current, earlier } = models;
    return answerDocument({ ...description, current: current.shownHash, earlier: earlier.names });
  };
}

/** What the files of weights do not say is left out. */
function describeModel({ hash, shownHash, isConditional, motif, ...model }: ModelFacts): object {
  const { generator, classifier } = model;
  const { title, width, height, classes } = motif;
  return {
    model: shownHash,
    sha256: hash,
    title,
    width,
    height,
    classes,
    recipe: read(generator, 'recipe'),
    epochs: read(generator, 'epochs'),
    seed: read(generator, 'seed'),
    dataset: generator['dataset'],
    labelled: isConditional,
    parameters: parametersOf(generator),
    quantization: generator['quantization'],
    fidelity: read(generator, 'fidelity'),
    generatorSha256: generator['sha256'],
    classifier: classifier && {
      recipe: read(classifier, 'recipe'),
      dataset: classifier['dataset'],
      parameters: parametersOf(classifier),
      quantization: classifier['quantization'],
      ...toObject(read(classifier, 'fidelity')),
      sha256: classifier['sha256'],
    },
  };
}

type ModelFacts = Pick<
  Model,
  'hash' | 'shownHash' | 'isConditional' | 'motif' | 'generator' | 'classifier'
>;

function read(metadata: Metadata, name: string): unknown {
  return metadata[name] === undefined ? undefined : JSON.parse(metadata[name]);
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Weights and biases of all layers. */
function parametersOf(metadata: Metadata): number {
  const sizes = read(metadata, 'sizes') as number[];
  return sizes.slice(1).reduce((sum, outputs, i) => sum + outputs * (sizes[i] + 1), 0);
}
