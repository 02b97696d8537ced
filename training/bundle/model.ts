/** weights/ → build/model.safetensors: the model that the Worker is built with, checked and laid out. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { Failure } from '../cli/failure.ts';
import { type Artefact, build } from './build.ts';
import { maxCandidatesOf } from './candidates.ts';
import { SAMPLER_KERNEL } from './kernels.ts';
import { MAX_GZIPPED_MODEL_BYTES } from './limits.ts';
import { type WeightsFile, needsClassifier, packModel } from './packing.ts';

/** What ships. Paths are relative to the project's top folder. */
export const GENERATOR = 'weights/generator.safetensors';
export const CLASSIFIER = 'weights/classifier.safetensors';

export const MODEL: Artefact = {
  outputs: ['build/model.safetensors'],
  needs: [],
  async inputs() {
    return { modules: [import.meta.filename], files: [GENERATOR, CLASSIFIER] };
  },
  async make(folder, root) {
    const packed = await packShipped(root);
    const gzippedBytes = gzipSync(packed).length;
    if (gzippedBytes > MAX_GZIPPED_MODEL_BYTES) {
      throw new Failure(
        `weights: found ${gzippedBytes} bytes gzipped, expected at most ${MAX_GZIPPED_MODEL_BYTES}; train a smaller network.`,
      );
    }
    writeFileSync(join(folder, 'model.safetensors'), packed);
  },
};

/** The model that ships. @throws Failure if its weights are missing or cannot be used */
export async function packShipped(root: string): Promise<Uint8Array> {
  const { generator, classifier } = readShipped(root);
  // To draw, and see how often the classifier is sure: the kernel of this project, wherever the weights are.
  await build([SAMPLER_KERNEL]);
  return packModel(generator, classifier, maxCandidatesOf);
}

/** What ships, as files. @throws Failure if one is missing, or is no network */
export function readShipped(root: string): {
  readonly generator: WeightsFile;
  /** Undefined for a generator that needs none. */
  readonly classifier: WeightsFile | undefined;
} {
  const generator = readWeights(root, GENERATOR, 'npm run quantize -- --from RUN');
  const classifier = needsClassifier(generator)
    ? readWeights(root, CLASSIFIER, 'npm run train:classifier')
    : undefined;
  return { generator, classifier };
}

function readWeights(root: string, path: string, command: string): WeightsFile {
  const file = join(root, path);
  if (existsSync(file)) return { path, bytes: readFileSync(file) };
  throw new Failure(`${path}: found no such file; git checkout weights, or ${command}, makes it.`);
}
