/**
 * Float files → the quantized files that ship. Each says in its metadata which file it came from and how good
 * it is, measured on the kernel that the Worker runs.
 */

import { createHash } from 'node:crypto';

import type { Engine } from '../../src/sampler/engine.ts';
import { Random } from '../../src/sampler/random.ts';
import { LATENT_FRACTION_BITS } from '../../src/sampler/seed.ts';
import { loadEngine } from '../bundle/engine.ts';
import { type FloatNetwork, parseNetwork } from '../quantization/float-file.ts';
import { drawInputs } from '../quantization/inputs.ts';
import { quantize } from '../quantization/quantize.ts';
import { serializeQuantized } from '../quantization/quantized-file.ts';
import { type Fidelity, measureFidelity } from './fidelity.ts';

/** Four for each input of the widest layer, so that it shows how they vary together. */
const CALIBRATION_LATENTS = 4096;

/** How a network is quantized. */
export interface Calibration {
  /** Typical inputs, (count, inputs). */
  readonly inputs: Float32Array;
  /** The network's inputs are whole multiples of 2^−this. */
  readonly inputFractionBits: number;
}

/**
 * The quantized file of a generator.
 * @param file the float file
 * @param classify what reads the digits of both forms, if there is a classifier
 * @throws FloatFileError if it is none
 */
export function quantizeGenerator(
  file: Uint8Array,
  classify?: Engine['classify'],
): {
  quantizedFile: Uint8Array;
  fidelity: Fidelity;
} {
  const generator = parseNetwork(file);
  const random = Random.fromString('quantization: fidelity');
  const { quantizedFile, measured } = quantizeAndMeasure(
    file,
    generator,
    calibrationOf(generator),
    ({ draw }) => measureFidelity(generator, { draw, classify }, random),
  );
  return { quantizedFile, fidelity: measured };
}

/**
 * The quantized file of a generator that is shown, not served: nothing is measured about it.
 * @throws FloatFileError if it is none
 */
export function quantizeSnapshot(file: Uint8Array): Uint8Array {
  const generator = parseNetwork(file);
  return quantizeAndMeasure(file, generator, calibrationOf(generator), () => null).quantizedFile;
}

/** How a generator is quantized: by the latents that the sampler draws. */
export function calibrationOf(generator: FloatNetwork): Calibration {
  const random = Random.fromString('quantization: calibration');
  const inputs = drawInputs(random, CALIBRATION_LATENTS, generator).reals;
  return { inputs, inputFractionBits: LATENT_FRACTION_BITS };
}

/**
 * The quantized file of a network, with what `measure` finds about it in its metadata.
 * @param file the float file that `network` was read from
 * @param measure gives null where there is nothing to say
 */
export function quantizeAndMeasure<Measured>(
  file: Uint8Array,
  network: FloatNetwork,
  { inputs, inputFractionBits }: Calibration,
  measure: (engine: Engine) => Measured,
): { quantizedFile: Uint8Array; measured: Measured } {
  const quantized = quantize(network, inputs, inputFractionBits);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const origin = { ...network.metadata, sha256 };
  const measured = measure(loadEngine(serializeQuantized(quantized, origin)));
  const found = measured === null ? origin : { ...origin, fidelity: JSON.stringify(measured) };
  return { quantizedFile: serializeQuantized(quantized, found), measured };
}
