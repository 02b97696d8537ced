/** Builds happen only if something has changed, and then they do. */

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { type Artefact, build } from '../../../training/bundle/build.ts';
import { temporaryFolder } from '../helpers.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

type Project = ReturnType<typeof project>;

/** A project of one module that imports another, a file of data, and what is made from them. */
function project() {
  const root = temporaryFolder();
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  const read = (name: string) => readFileSync(path(name), 'utf8');
  write('src/index.ts', "import type { T } from './type.ts';\nexport { b } from './b.ts';\n");
  write('src/b.ts', "import 'a-package';\nexport const b = 1;\n");
  write('data.txt', 'data');

  const made: string[] = [];
  const artefact = (
    output: string,
    make: (file: string) => void,
    needs: readonly Artefact[] = [],
  ): Artefact => ({
    outputs: [output],
    needs,
    async inputs() {
      const files = ['data.txt', ...needs.flatMap(({ outputs }) => outputs)];
      return { modules: ['src/index.ts'], files };
    },
    async make(folder) {
      made.push(output);
      make(join(folder, basename(output)));
    },
  });
  const text = (output: string, needs?: readonly Artefact[]) =>
    artefact(output, (file) => writeFileSync(file, read('data.txt')), needs);
  /** What is made by this build. */
  const builds = async (...artefacts: readonly Artefact[]) => {
    made.length = 0;
    await build(artefacts, root);
    return [...made];
  };
  return { root, path, write, read, artefact, text, builds };
}

describe('what is up to date stays', () => {
  test('a second build makes nothing', async () => {
    const { text, builds, read } = project();
    const a = text('build/a');
    expect(await builds(a)).toEqual(['build/a']);
    expect(read('build/a')).toBe('data');
    expect(await builds(a)).toEqual([]);
  });

  test('even if its sources are touched, or changed and changed back', async () => {
    const { text, builds, write } = project();
    const a = text('build/a');
    await builds(a);
    write('data.txt', 'data');
    expect(await builds(a)).toEqual([]);
  });
});

describe('what has changed is made again', () => {
  test.each<[what: string, change: (changed: Project) => void]>([
    ['a file that it is made from', ({ write }) => write('data.txt', 'other')],
    ['its module', ({ write }) => write('src/index.ts', "export { b } from './b.ts'; b;")],
    ['a module that this imports', ({ write }) => write('src/b.ts', 'export const b = 2;')],
    ['the dependencies', ({ write }) => write('package-lock.json', '{}')],
    ['the settings of the compiler', ({ write }) => write('src/tsconfig.json', '{}')],
    ['the artefact', ({ write }) => write('build/a', 'edited')],
    ['the artefact that is gone', ({ path }) => rmSync(path('build/a'))],
    ['the stamp', ({ write }) => write('build/a.stamp.json', '{"cut o')],
  ])('%s', async (_, change) => {
    const made = project();
    const a = made.text('build/a');
    await made.builds(a);
    change(made);
    expect(await made.builds(a)).toEqual(['build/a']);
    expect(made.read('build/a')).toBe(made.read('data.txt'));
    expect(await made.builds(a)).toEqual([]);
  });

  test('a source that is gone is named', async () => {
    const { text, builds, path } = project();
    const a = text('build/a');
    await builds(a);
    rmSync(path('src/b.ts'));
    await expect(builds(a)).rejects.toThrow('Could not resolve "./b.ts"');
  });

  test('what was edited while it was being made', async () => {
    const { artefact, builds, write, read } = project();
    let isFirst = true;
    const a = artefact('build/a', (file) => {
      writeFileSync(file, read('data.txt'));
      if (isFirst) write('data.txt', 'edited');
      isFirst = false;
    });
    await builds(a);
    expect(await builds(a)).toEqual(['build/a']);
    expect(read('build/a')).toBe('edited');
  });

  test('what needs it as well, in this order', async () => {
    const { text, builds, write } = project();
    const a = text('build/a');
    const b = text('build/b', [a]);
    expect(await builds(b)).toEqual(['build/a', 'build/b']);
    expect(await builds(b)).toEqual([]);
    write('build/a', 'edited');
    expect(await builds(b)).toEqual(['build/a']);
  });
});

test('a folder is replaced whole', async () => {
  const { artefact, builds, write, path } = project();
  let name = 'old';
  const a = artefact('build/folder', (folder) => {
    mkdirSync(join(folder, 'inner'), { recursive: true });
    writeFileSync(join(folder, 'inner', name), name);
  });
  await builds(a);
  write('build/folder/inner/old', 'edited');
  name = 'new';
  expect(await builds(a)).toEqual(['build/folder']);
  expect(readdirSync(path('build/folder/inner'))).toEqual(['new']);
  write('build/folder/config', 'added later by others');
  expect(await builds(a)).toEqual([]);
});

test('a build that fails leaves what was there, and nothing half made', async () => {
  const { artefact, builds, write, read, path } = project();
  const a = artefact('build/a', (file) => {
    writeFileSync(file, read('data.txt'));
    if (read('data.txt') === 'bad') throw new Error('bad data');
  });
  await builds(a);
  write('data.txt', 'bad');
  await expect(builds(a)).rejects.toThrow('bad data');
  expect(read('build/a')).toBe('data');
  expect(readdirSync(path('build')).toSorted()).toEqual(['a', 'a.stamp.json']);
  await expect(builds(a)).rejects.toThrow('bad data');
});
