/** Which models are kept when others take their place, and which files of them a build takes. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { readPacked } from '../../../src/weights/packed.ts';
import {
  int8Of,
  parseSafetensors,
  serializeSafetensors,
} from '../../../src/weights/safetensors.ts';
import { ASSETS } from '../../../training/bundle/assets.ts';
import { build } from '../../../training/bundle/build.ts';
import { maxCandidatesOf } from '../../../training/bundle/candidates.ts';
import { earlierFiles } from '../../../training/bundle/earlier.ts';
import { writeWeights } from '../../../training/bundle/replace.ts';
import { Failure } from '../../../training/cli/failure.ts';
import { temporaryFolder } from '../helpers.ts';
import {
  CLASSIFIER,
  CONDITIONAL,
  packedOf,
  randomClassifier,
  randomNetwork,
  safetensorsOf,
} from './networks.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

const generators = ['first', 'second'].map((seed) => randomNetwork([14, 12, 784], seed));
const classifiers = [randomClassifier(), randomNetwork([784, 12, 10], 'other', CLASSIFIER)];
const bytesOf = ({ tensors, metadata }: (typeof generators)[0]) => safetensorsOf(tensors, metadata);
/** The model of a generator and a classifier. */
const packed = (generator: number, classifier: number) =>
  packedOf(generators[generator], classifiers[classifier], maxCandidatesOf);
const nameOf = (file: Uint8Array) => `${readPacked(file).hash.slice(0, 16)}.safetensors`;

/** A project that consists of nothing but weights: the first of each. */
function project() {
  const root = temporaryFolder();
  const path = (name: string) => join(root, 'weights', name);
  const write = (name: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), bytes);
  };
  write('generator.safetensors', bytesOf(generators[0]));
  write('classifier.safetensors', bytesOf(classifiers[0]));
  const put = (name: string, network: (typeof generators)[0], replace = false) =>
    writeWeights(path(`${name}.safetensors`), bytesOf(network), replace, root);
  const kept = () => (existsSync(path('earlier')) ? readdirSync(path('earlier')).toSorted() : []);
  return { root, path, write, put, kept };
}

describe('weights in the place of those that ship', () => {
  test('leave the model that they were among the earlier ones, and say so', async () => {
    const { path, put, kept } = project();
    const name = nameOf(packed(0, 0));
    expect(await put('generator', generators[1])).toMatch(`weights/earlier/${name}: `);
    expect(kept()).toEqual([name]);
    expect(new Uint8Array(readFileSync(path(`earlier/${name}`)))).toEqual(packed(0, 0));
    // A classifier belongs to the model as well.
    await put('classifier', classifiers[1]);
    expect(kept()).toEqual([name, nameOf(packed(1, 0))].toSorted());
  });

  test('keep nothing where they are the same, where --replace asks for it, or of other files', async () => {
    const { put, kept } = project();
    expect(await put('generator', generators[0])).toBeUndefined();
    expect(await put('elsewhere', generators[1])).toBeUndefined();
    expect(await put('generator', generators[1], true)).toBeUndefined();
    expect(kept()).toEqual([]);
  });

  test('keep nothing of weights that no Worker can be built of', async () => {
    const { root, write, put, kept } = project();
    write('classifier.safetensors', 'no weights');
    expect(await put('generator', generators[1])).toBeUndefined();
    rmSync(join(root, 'weights/generator.safetensors'));
    expect(await put('generator', generators[0])).toBeUndefined();
    expect(kept()).toEqual([]);
  });

  test('are no earlier model once they are back', async () => {
    const { put, kept } = project();
    await put('generator', generators[1]);
    await put('generator', generators[0]);
    expect(kept()).toEqual([nameOf(packed(1, 0))]);
  });
});

describe('a build', () => {
  test('serves the earlier models beside the current one, and tells the Worker of them', async () => {
    const { root, put, path } = project();
    await put('generator', generators[1]);
    const old = packed(0, 0);
    const current = packed(1, 0);
    // As whoever rolls back may put it there.
    writeFileSync(path(`earlier/${nameOf(current)}`), current);
    await build([ASSETS], root);
    const models = join(root, 'public/assets/models');
    expect(readdirSync(models).toSorted()).toEqual([nameOf(old), nameOf(current)].toSorted());
    expect(new Uint8Array(readFileSync(join(models, nameOf(old))))).toEqual(old);
    const sha256 = createHash('sha256').update(old).digest('hex');
    const listed = [{ hash: readPacked(old).hash, sha256 }];
    const module = readFileSync(join(root, 'build/earlier.js'), 'utf8');
    expect(module).toBe(`export default ${JSON.stringify(listed)};\n`);
  });

  test('stops at files that are no models of these answers, and names them', () => {
    const { root, write } = project();
    expect(earlierFiles(root)).toEqual([]);
    write('earlier/README.md', 'is no model');
    const model = packed(0, 0);
    const refuses = (name: string, bytes: Uint8Array, why: RegExp) => {
      write(`earlier/${name}`, bytes);
      expect(() => earlierFiles(root)).toThrow(Failure);
      expect(() => earlierFiles(root)).toThrow(why);
      rmSync(join(root, 'weights/earlier', name));
    };
    refuses(
      '0123456789abcdef.safetensors',
      model,
      /^weights\/earlier\/0123456789abcdef\.saf.*expected it in /,
    );
    refuses(nameOf(model), model.subarray(0, 99), /found no model .*git checkout weights\/earlier/);
    const { tensors, metadata } = parseSafetensors(model);
    const data = int8Of(tensors.get('memory')!);
    const older = serializeSafetensors(
      [{ name: 'memory', dtype: 'I8', shape: [data.length], data }],
      {
        ...metadata,
        answersVersion: '2',
      },
    );
    refuses(nameOf(model), older, /answers in version 2, expected 3: .*remove the file/);
  });

  test('keeps a conditional model with its classifier and its bounds', async () => {
    const { root, write, put } = project();
    const conditional = randomNetwork([24, 12, 784], 'conditional', CONDITIONAL);
    write('generator.safetensors', bytesOf(conditional));
    await put('generator', generators[0]);
    const [{ path: file }] = earlierFiles(root);
    const found = readPacked(readFileSync(join(root, file)));
    expect(found).toEqual(readPacked(packedOf(conditional, classifiers[0], maxCandidatesOf)));
    expect(found.maxCandidates?.ofClass).toHaveLength(10);
  });
});
