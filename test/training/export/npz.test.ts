/** The exported arrays in NumPy, and the program in the model card that draws with them. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';

import { npyHeader } from '../../../src/encoders/npy.ts';
import { Random } from '../../../src/sampler/random.ts';
import { latentOf, withClass } from '../../../src/sampler/seed.ts';
import { greyLevels } from '../../../training/data/grey-levels.ts';
import { toNpz } from '../../../training/export/npz.ts';
import { runNetwork } from '../../../training/quantization/float-network.ts';
import { hasNumpy, loadNpy, runPython } from '../../foreign/numpy.ts';
import { temporaryFolder } from '../helpers.ts';
import { generatorOf } from '../quantization/generators.ts';
import { generators } from './drawn.ts';

test('an archive holds a .npy file for each array, by the names of the safetensors file', () => {
  const { layers, ...generator } = generatorOf();
  const files = unzipSync(toNpz({ layers, ...generator }));
  expect(Object.keys(files)).toEqual([
    'leakyReluSlope.npy',
    'classes.npy',
    ...layers.flatMap((_, i) => [`dense_${i + 1}.weight.npy`, `dense_${i + 1}.bias.npy`]),
  ]);
  const { weight, outputs, inputs } = layers[0];
  const header = npyHeader([outputs, inputs], '<f4');
  const file = files['dense_1.weight.npy'];
  expect(file.subarray(0, header.length)).toEqual(header);
  expect(new Float32Array(file.slice(header.length).buffer)).toEqual(weight);
});

test('the same generator gives the same archive', () => {
  expect(toNpz(generatorOf())).toEqual(toNpz(generatorOf()));
});

describe.skipIf(!hasNumpy)('in NumPy', () => {
  test('every array has its type, shape and numbers', () => {
    const { layers, ...generator } = generatorOf();
    const files = unzipSync(toNpz({ layers, ...generator }));
    for (const [i, { inputs, outputs, weight, bias }] of layers.entries()) {
      const read = loadNpy(files[`dense_${i + 1}.weight.npy`]);
      expect(read).toMatchObject({ dtype: '<f4', shape: [outputs, inputs], isCOrder: true });
      expect(new Float32Array(read.data.buffer)).toEqual(weight);
      const readBias = loadNpy(files[`dense_${i + 1}.bias.npy`]);
      expect(readBias).toMatchObject({ dtype: '<f4', shape: [outputs] });
      expect(new Float32Array(readBias.data.buffer)).toEqual(bias);
    }
    expect(loadNpy(files['classes.npy'])).toMatchObject({ dtype: '<i4', shape: [] });
    const slope = loadNpy(files['leakyReluSlope.npy']).data;
    expect(new Float64Array(slope.buffer)).toEqual(Float64Array.of(generator.leakyReluSlope));
  });

  test("the model card's program draws the float generator's pixels for a seed", () => {
    const generator = generators[2].generator();
    const { classes } = generator;
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'generator.npz'), toNpz(generator));
    const [forward, latent] = programsOfTheModelCard();
    for (const seed of ['minted', 'é', '7']) {
      const random = Random.fromString(seed);
      const label = random.below(classes);
      const units = latentOf(random, generator.layers[0].inputs - classes);
      const input = Float32Array.from(withClass(units, label, classes), (unit) => unit / 4096);
      const expected = runNetwork(generator, input);

      const program = `${latent.replace('"minted"', JSON.stringify(seed))}\n${forward}\n${DUMP}`;
      const output = runPython(program, { cwd: folder });
      const floats = new Float32Array(new Uint8Array(output.subarray(0, 4 * 784)).buffer);
      for (const [i, x] of floats.entries()) expect(Math.abs(x - expected[i])).toBeLessThan(1e-5);
      expect([...output.subarray(4 * 784)]).toEqual([...greyLevels(expected)]);
    }
  });
});

/** Writes what the program has computed: `x` in −1…1, then the grey levels. */
const DUMP = `
import sys
assert x.dtype == np.float32 and pixels.shape == (28, 28)
sys.stdout.buffer.write(x.tobytes() + pixels.tobytes())
`;

/** The forward pass, and how a seed becomes a latent and a class. */
function programsOfTheModelCard(): [forward: string, latent: string] {
  const card = readFileSync('weights/README.md', 'utf8');
  const programs = Array.from(card.matchAll(/```python\n(.*?)```/gs), ([, program]) => program);
  const forward = programs.find((program) => program.includes('np.load("generator.npz")'));
  const latent = programs.find((program) => program.includes('"minted"'));
  if (forward === undefined || latent === undefined) throw new Error('a program is missing');
  expect(forward.trim().split('\n')).toHaveLength(10);
  return [forward, latent];
}
