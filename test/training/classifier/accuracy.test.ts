import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { loadEngine } from '../../../training/bundle/engine.ts';
import { accuracyOf } from '../../../training/classifier/accuracy.ts';
import { requireLabels } from '../../../training/data/dataset.ts';
import { DATA_DEFAULTS } from '../../../training/data/options.ts';
import { readBoth } from '../../../training/data/read.ts';

const SHIPPED = join(import.meta.dirname, '../../../weights/classifier.safetensors');

describe('the classifier that ships', () => {
  test("classifies at least 97.5 % of MNIST's test images correctly, as int8 on the Worker's kernel", async () => {
    const bytes = readFileSync(SHIPPED);
    const { test: images } = await readBoth(DATA_DEFAULTS);
    const accuracy = accuracyOf(requireLabels(images, 'a test'), loadEngine(bytes).classify);
    expect(accuracy).toBeGreaterThanOrEqual(0.975);
    const { fidelity } = parseSafetensors(bytes).metadata;
    expect(JSON.parse(fidelity)).toEqual({ testImages: 10_000, accuracy });
  });
});
