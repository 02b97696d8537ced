/** `npm run mint` in a copy of the project: pictures in, a model that the Worker would be built with out. */

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { decode } from 'fast-png';
import { expect, onTestFinished, test } from 'vitest';

import { parseSafetensors } from '../../../src/weights/safetensors.ts';
import { copyOfProject } from '../../project.ts';
import { dataFolder, idxImages, idxLabels, temporaryFolder } from '../helpers.ts';

const MINUTES = 60_000;

function projectToMintIn() {
  const project = copyOfProject();
  onTestFinished(() => project.remove());
  const at = (name: string): string => join(project.folder, name);
  const mint = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['training/commands/mint.ts', ...args], {
      cwd: project.folder,
      encoding: 'utf8',
    });
  return { at, mint };
}

test(
  'goes from pictures to what the Worker is built with, and does no stage twice',
  () => {
    const { at, mint } = projectToMintIn();
    const data = dataFolder(60, {
      't10k-images-idx3-ubyte': idxImages(20),
      't10k-labels-idx1-ubyte': idxLabels(20),
    });
    const size = ['--epochs', '1', '--steps-per-epoch', '3', '--batch-size', '8'];
    const args = ['--data', data, ...size, '--out', 'run'];
    const first = mint(...args);
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toMatch(/npm start.*npx wrangler deploy\n$/);
    expect(decode(readFileSync(at('run/preview.png')))).toMatchObject({ width: 280, height: 280 });
    for (const name of ['generator', 'classifier']) {
      const { metadata } = parseSafetensors(readFileSync(at(`weights/${name}.safetensors`)));
      expect(metadata['dataset']).not.toBe('MNIST');
    }
    const made = ['run/generator.safetensors', 'run/classifier.safetensors'].map(at);
    const [generator, classifier] = made.map((path) => readFileSync(path));
    const classifierMs = statSync(made[1]).mtimeMs;

    // As if it had been stopped before the generator was written.
    rmSync(made[0]);
    const second = mint(...args);
    expect(second).toMatchObject({ status: 0 });
    expect(second.stdout).not.toMatch(/^(?:The classifier|Quantization)$/m);
    expect(readFileSync(made[0]).equals(generator)).toBe(true);
    expect(statSync(made[1]).mtimeMs).toBe(classifierMs);
    expect(readFileSync(at('weights/classifier.safetensors')).equals(classifier)).toBe(true);
  },
  5 * MINUTES,
);

test('wants pictures, and says what it wants of them', () => {
  const { mint } = projectToMintIn();
  expect(mint()).toMatchObject({
    status: 2,
    stderr: '--data: missing, expected the pictures to learn from.\n',
  });
  const empty = mint('--data', temporaryFolder());
  expect(empty.status).toBe(1);
  expect(empty.stderr).toMatch(
    /^.*found an empty folder, expected IDX files, a folder of pictures.*\n$/,
  );
});
