/**
 * Trains a small GAN until V8 has optimized the kernels, once with either width of tiles, and prints a hash of its
 * weights. Parameters: `relaxed` or `plain`, and whether to set V8's flag, `joined` or `separate`.
 */

import { createHash } from 'node:crypto';

import { Random } from '../../../src/sampler/random.ts';
import { startBackend, variablesOf } from '../../../training/backend/index.ts';
import { DEFAULTS } from '../../../training/gan/recipe.ts';
import { step } from '../../../training/gan/step.ts';
import { createTrainer } from '../../../training/gan/trainer.ts';

/** V8 optimizes a function after some megabytes of its code have run. */
const STEPS = 150;

const [build, joined] = process.argv.slice(2);
const recipe = { ...DEFAULTS, batchSize: 64, latentSize: 20, ema: 0.99 };
const sizes = {
  latentSize: 20,
  generatorUnits: [64, 96, 144],
  discriminatorUnits: [100, 66, 40, 1],
};
const dataset = {
  name: 'noise',
  width: 12,
  height: 12,
  classes: [],
  count: 100,
  images: Uint8Array.from({ length: 100 * 144 }, (_, i) => (i * 37) % 251),
  labels: undefined,
  sha256: '',
};

const hash = createHash('sha256');
for (const wide of [true, false]) {
  const backend = await startBackend({
    threads: 2,
    relaxedSimd: build === 'relaxed',
    revectorize: joined === 'joined',
    wide,
  });
  const random = Random.fromString('optimized');
  const trainer = createTrainer(recipe, random, { sizes });
  for (let taken = 0; taken < STEPS; taken++) step(trainer, dataset, recipe, random);
  const { gan, average } = trainer;
  for (const model of [gan.generator, gan.discriminator, average!.generator]) {
    for (const variable of variablesOf(model)) hash.update(variable.dataSync());
  }
  await backend.stop();
}
process.stdout.write(`${hash.digest('hex')}\n`);
