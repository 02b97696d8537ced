import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import {
  type ExistingRun,
  RunError,
  type RunErrorCode,
  generatorOf,
  openRun,
  requireNoRun,
  requireSameData,
} from '../../../training/gan/existing-run.ts';
import { temporaryFolder } from '../helpers.ts';
import { DATASET, settingsOf } from './runs.ts';

describe('a new run', () => {
  test('goes into a folder that is empty or not there', () => {
    const out = temporaryFolder();
    expect(() => requireNoRun(out)).not.toThrow();
    expect(() => requireNoRun(join(out, 'new'))).not.toThrow();
  });

  test('goes where a crash left nothing but a file that is not whole', () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'config.json.tmp'), '{');
    expect(() => requireNoRun(out)).not.toThrow();
  });

  test('touches neither a run that exists nor a folder with anything in it', () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'thesis.txt'), 'mine');
    expect(codeOf(() => requireNoRun(out))).toBe('NotEmpty');
    expect(codeOf(() => requireNoRun(join(out, 'thesis.txt')))).toBe('NotAFolder');
    writeFileSync(join(out, 'config.json'), '{}');
    expect(codeOf(() => requireNoRun(out))).toBe('RunExists');
  });
});

describe('an existing run', () => {
  test('has a config.json with every setting', () => {
    const out = temporaryFolder();
    expect(codeOf(() => openRun(join(out, 'none')))).toBe('NoRun');
    writeFileSync(join(out, 'config.json'), '{}');
    expect(codeOf(() => openRun(out))).toBe('NoSettings');
    expect(() => openRun(out)).toThrow(/found no settings in it \(epochs is missing\)/);
  });

  test.each([
    ['epochs', 'ten', 'epochs is "ten", expected a whole number from 1 to 1000000'],
    ['epochs', 0, 'epochs is 0'],
    ['epochs', 1e9, 'epochs is 1000000000'],
    ['batchSize', 2.5, 'batchSize is 2.5'],
    ['batchSize', null, 'batchSize is null'],
    ['generatorLearningRate', -1, 'generatorLearningRate is -1, expected a number above 0'],
    ['ema', 1, 'ema is 1'],
    ['threads', 'all', 'threads is "all", expected \'auto\' or'],
    ['conditional', 'yes', 'conditional is "yes", expected true or false'],
    ['data', 7, 'data is 7, expected a path'],
    ['data', '', 'data is "", expected a path'],
    ['seed', 'x'.repeat(1000), `seed is "${'x'.repeat(59)}…, expected`],
  ])('whose config.json says that %s is %j has no settings', (name, value, says) => {
    const out = temporaryFolder();
    const config = { ...settingsOf(out), [name]: value };
    writeFileSync(join(out, 'config.json'), JSON.stringify(config));
    expect(codeOf(() => openRun(out))).toBe('NoSettings');
    expect(() => openRun(out)).toThrow(says);
  });

  test.each(['', 'null', '7', '"text"', '[]', '{', '{"dataset":7}'])(
    'whose config.json is %j has no settings',
    (json) => {
      const out = temporaryFolder();
      writeFileSync(join(out, 'config.json'), json);
      expect(codeOf(() => openRun(out))).toBe('NoSettings');
    },
  );

  test('is found in whatever folder it was moved to', () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'config.json'), JSON.stringify(settingsOf('elsewhere')));
    expect(openRun(out).settings).toEqual(settingsOf(out));
  });

  test('of a version without averages and falling rates has none', () => {
    const out = temporaryFolder();
    const { lrDecay: _, ema: __, latentScale: ___, ...settings } = settingsOf(out);
    writeFileSync(join(out, 'config.json'), JSON.stringify(settings));
    expect(openRun(out).settings).toEqual({ ...settings, lrDecay: 0, ema: 0, latentScale: 1 });
  });

  test('goes on with the data it has learned from and no others', () => {
    const { sha256: datasetSha256 } = DATASET;
    const settings = settingsOf('run');
    const run: ExistingRun = {
      settings,
      checkpoint: undefined,
      datasetSha256,
      damaged: [],
      notes: [],
    };
    expect(() => requireSameData(run, DATASET)).not.toThrow();
    const other = { ...DATASET, sha256: 'of another noise' };
    expect(codeOf(() => requireSameData(run, other))).toBe('OtherData');
    expect(() => requireSameData({ ...run, datasetSha256: undefined }, other)).not.toThrow();
  });
});

describe('the generator of a run', () => {
  test('is the file that is named, or that of a run that has finished', () => {
    const folder = temporaryFolder();
    const [run, file] = [join(folder, 'run'), join(folder, 'run', 'generator.safetensors')];
    expect(codeOf(() => generatorOf(run))).toBe('NoRun');
    mkdirSync(run);
    expect(codeOf(() => generatorOf(run))).toBe('NoRun');
    writeFileSync(join(run, 'config.json'), '{}');
    expect(codeOf(() => generatorOf(run))).toBe('NotFinished');
    writeFileSync(file, '');
    expect([generatorOf(run), generatorOf(file)]).toEqual([file, file]);
  });
});

function codeOf(action: () => unknown): RunErrorCode {
  try {
    action();
  } catch (error) {
    if (error instanceof RunError) return error.code;
    throw error;
  }
  throw new Error('expected a RunError');
}
