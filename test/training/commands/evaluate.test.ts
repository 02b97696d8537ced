import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { serializeSafetensors } from '../../../src/weights/safetensors.ts';
import { noiseFolder, run, temporaryFolder } from '../helpers.ts';
import { floatFileOf, generatorOf, quantizedFileOf } from '../quantization/generators.ts';

/** As much of the JSON as is looked at here. */
interface Printed {
  readonly frechet: number;
  readonly frechetFloor: number;
  readonly labelHistogram: readonly number[];
  readonly int8: {
    readonly meanAbsError: number;
    readonly maxAbsError: number;
    readonly frechet: number;
  };
  readonly served: { readonly candidates: number };
}

function printedIn(stdout: string): Printed {
  return JSON.parse(stdout) as Printed;
}

const KEYS = [
  'samples',
  'frechet',
  'frechetFloor',
  'precision',
  'recall',
  'confident',
  'agreement',
  'labelHistogram',
];

function evaluate(weights: string, ...args: string[]) {
  const nearest = join(temporaryFolder(), 'nearest.png');
  return run('evaluate', ['--weights', weights, '--nearest', nearest, ...args]);
}

describe('npm run evaluate', () => {
  test('gives the figures of float weights as one line of JSON, the same every time', async () => {
    const [folder, data] = [temporaryFolder(), noiseFolder()];
    const file = join(folder, 'generator.safetensors');
    writeFileSync(file, floatFileOf(generatorOf(2, [20, 32, 784])));
    const picture = join(folder, 'nearest.png');
    const args = ['--weights', file, '--data', data, '--samples', '50', '--json'];
    const ended = await run('evaluate', [...args, '--nearest', picture]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^\{.*\}\n$/);
    const figures = printedIn(ended.stdout);
    expect(figures).toMatchObject({ weights: file, kind: 'float', samples: 50, agreement: null });
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(KEYS));
    expect(figures.frechet).toBeGreaterThan(figures.frechetFloor);
    expect(figures.labelHistogram.reduce((sum, n) => sum + n)).toBe(50);
    expect(figures.int8.meanAbsError).toBeLessThan(2);
    expect(figures.int8.maxAbsError).toBeGreaterThanOrEqual(1);
    expect(figures.int8.frechet).not.toBe(figures.frechet);
    expect(figures.served.candidates).toBeGreaterThanOrEqual(1);
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');

    // A run's folder stands for its generator.
    const again = await evaluate(folder, ...args.slice(2), '--threads', '1');
    expect(printedIn(again.stdout)).toEqual(figures);
  });

  test('says of int8 weights what their file says about their errors', async () => {
    const file = join(temporaryFolder(), 'int8.safetensors');
    const generator = generatorOf(2, [20, 32, 784]);
    const fidelity = JSON.stringify({ meanAbsError: 0.3, maxAbsError: 21 });
    writeFileSync(
      file,
      quantizedFileOf({ ...generator, metadata: { ...generator.metadata, fidelity } }),
    );
    const args = ['--data', noiseFolder(), '--samples', '50'];
    const json = printedIn((await evaluate(file, ...args, '--json')).stdout);
    expect(json).toMatchObject({ kind: 'int8', int8: { meanAbsError: 0.3, maxAbsError: 21 } });
    expect(json.int8.frechet).toBe(json.frechet);

    const { code, stdout } = await evaluate(file, ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/int8 +as served +real images\nFréchet distance +\d+\.\d+/);
    expect(stdout).toContain('off by 0.300 of 255 grey levels on average, by 21 at most');
  });

  test('refuses in one line what is no generator, and data that are too few', async () => {
    const file = join(temporaryFolder(), 'x.safetensors');
    const data = noiseFolder();
    const broken: [contents: Uint8Array, says: string][] = [
      [new Uint8Array(3), 'found no generator in it'],
      [serializeSafetensors([], { kind: 'checkpoint' }), 'its kind is "checkpoint"'],
      [
        floatFileOf(generatorOf(2, [20, 8, 30])),
        'found 30 pixels, width none and height none, expected',
      ],
    ];
    for (const [contents, says] of broken) {
      writeFileSync(file, contents);
      const { code, stdout, stderr } = await evaluate(file, '--data', data);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(says);
    }
    writeFileSync(file, floatFileOf(generatorOf(2, [20, 8, 784])));
    const few = await evaluate(file, '--data', noiseFolder(15));
    expect(few).toMatchObject({ code: 1, stdout: '' });
    expect(few.stderr).toMatch(/^.*found 15 images, expected at least 16.*\n$/);
    const missing = await evaluate(`${file}.none`, '--data', data);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(/^.*found no such file.*\n$/);
  });

  test.each([
    [['--samples', '3'], /^--samples: found '3', expected a whole number from 4 .*\n$/],
    [['--json=1'], /^--json: found '1', expected no value\.\n$/],
  ])('ends with 2 for %j', async (args, says) => {
    const { code, stderr } = await run('evaluate', args);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });
});
