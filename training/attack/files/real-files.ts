/** Whole files of every kind that is read, small enough to be read a thousand times a second. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeIdx } from '../../../src/encoders/idx.ts';
import { Random } from '../../../src/sampler/random.ts';
import { PIXEL_FRACTION_BITS } from '../../../src/sampler/sampler.ts';
import { LATENT_FRACTION_BITS } from '../../../src/sampler/seed.ts';
import { packModel } from '../../bundle/packing.ts';
import { writeCheckpoint } from '../../gan/checkpoint.ts';
import { START } from '../../gan/position.ts';
import { DEFAULTS } from '../../gan/recipe.ts';
import { dataMetadata } from '../../quantization/data-origin.ts';
import { parseNetwork, serializeNetwork } from '../../quantization/float-file.ts';
import { quantize } from '../../quantization/quantize.ts';
import { serializeQuantized } from '../../quantization/quantized-file.ts';

export interface RealFiles {
  /** Float weights of a generator; the same as int8, and packed with a classifier. */
  readonly float: Uint8Array;
  readonly generator: Uint8Array;
  readonly packed: Uint8Array;
  readonly checkpoint: Uint8Array;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

const SIDE = 8;
const CLASSES = 3;
const COUNT = 5;
const DATA = {
  name: 'attacked',
  sha256: '00'.repeat(32),
  width: SIDE,
  height: SIDE,
  classes: ['a', 'b', 'c'],
};

export function realFiles(): RealFiles {
  const random = Random.fromString('real files');
  const pixels = SIDE * SIDE;
  const float = floatFile('generator', [4 + CLASSES, 6, pixels], random);
  const generator = quantized(float, 'generator', random);
  const classifier = quantized(
    floatFile('classifier', [pixels, 5, CLASSES], random),
    'classifier',
    random,
  );
  const bytes = Uint8Array.from({ length: COUNT * pixels }, () => random.below(256));
  return {
    float,
    generator,
    packed: packModel(
      { path: 'generator', bytes: generator },
      { path: 'classifier', bytes: classifier },
    ),
    checkpoint: checkpointFile(random),
    images: encodeIdx([COUNT, SIDE, SIDE], bytes),
    labels: encodeIdx([COUNT], bytes.map((byte) => byte % CLASSES).subarray(0, COUNT)),
  };
}

type Kind = 'generator' | 'classifier';

function floatFile(kind: Kind, sizes: readonly number[], random: Random): Uint8Array {
  const floats = (length: number) => Float32Array.from({ length }, () => random.normal() / 4);
  const layers = sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index];
    return { inputs, outputs, weight: floats(inputs * outputs), bias: floats(outputs) };
  });
  const classes = { classes: `${kind === 'generator' ? CLASSES : 0}` };
  return serializeNetwork(
    { kind, layers, leakyReluSlope: 0.2 },
    { ...classes, ...dataMetadata(DATA) },
  );
}

function quantized(file: Uint8Array, kind: Kind, random: Random): Uint8Array {
  const network = parseNetwork(file, kind);
  const bits = kind === 'generator' ? LATENT_FRACTION_BITS : PIXEL_FRACTION_BITS;
  const calibration = Float32Array.from(
    { length: 50 * network.layers[0].inputs },
    () => Math.abs(random.normal()) / 4,
  );
  return serializeQuantized(quantize(network, calibration, bits), network.metadata);
}

function checkpointFile(random: Random): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  try {
    const data = Float32Array.from({ length: 40 }, () => random.normal());
    const path = writeCheckpoint(folder, [{ name: 'w', dtype: 'F32', shape: [8, 5], data }], {
      settings: { ...DEFAULTS, out: 'run' },
      datasetSha256: DATA.sha256,
      position: START,
      randomState: [1, 2, 3, 4],
      iterations: { generator: 1, discriminator: 1 },
    });
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
