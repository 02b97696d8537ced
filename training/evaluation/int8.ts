/**
 * Float files → the int8 files that ship. Each says in its metadata which file it came from and how good
 * it is, measured on the kernel that the Worker runs.
 */

import { createHash } from 'node:crypto';

import type { Engine } from '../../src/sampler/engine.ts';
import { Random } from '../../src/sampler/random.ts';
import { LATENT_FRACTION_BITS } from '../../src/sampler/seed.ts';
import { loadEngine } from '../bundle/engine.ts';
import { type FloatNetwork, parseNetwork } from '../quantization/float-file.ts';
import { drawInputs } from '../quantization/inputs.ts';
import { serializeQuantized } from '../quantization/int8-file.ts';
import { quantize } from '../quantization/quantize.ts';
import { type Fidelity, measureFidelity } from './fidelity.ts';

const CALIBRATION_LATENTS = 250;

/** How a network is quantized. */
export interface Calibration {
  /** Typical inputs, (count, inputs). */
  readonly inputs: Float32Array;
  /** The network's inputs are whole multiples of 2^−this. */
  readonly inputFractionBits: number;
}

/**
 * The int8 file of a generator.
 * @param file the float file
 * @throws FloatFileError if it is none
 */
export function quantizeGenerator(file: Uint8Array): { int8File: Uint8Array; fidelity: Fidelity } {
  const generator = parseNetwork(file);
  const random = Random.fromString('quantization: calibration');
  const inputs = drawInputs(random, CALIBRATION_LATENTS, generator).reals;
  const calibration = { inputs, inputFractionBits: LATENT_FRACTION_BITS };
  const { int8File, measured } = quantizeAndMeasure(file, generator, calibration, ({ generate }) =>
    measureFidelity(generator, generate, Random.fromString('quantization: fidelity')),
  );
  return { int8File, fidelity: measured };
}

/**
 * The int8 file of a network, with what `measure` finds about it in its metadata.
 * @param file the float file that `network` was read from
 */
export function quantizeAndMeasure<Measured>(
  file: Uint8Array,
  network: FloatNetwork,
  { inputs, inputFractionBits }: Calibration,
  measure: (engine: Engine) => Measured,
): { int8File: Uint8Array; measured: Measured } {
  const layers = quantize(network, inputs, inputFractionBits);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const origin = { ...network.metadata, sha256 };
  const measured = measure(loadEngine(serializeQuantized(layers, origin)));
  const fidelity = JSON.stringify(measured);
  return { int8File: serializeQuantized(layers, { ...origin, fidelity }), measured };
}
