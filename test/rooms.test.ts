/**
 * The rooms of the house, and which room imports from which: arrows run downwards in this table, never back and
 * never in a circle. Imports of types count, since whoever names another room's type knows that room.
 */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Rooms from the outermost to the innermost, each with the rooms that it imports from. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'training/commands': [
    'training/attack',
    'training/doctor',
    'training/sampling',
    'training/export',
    'training/gan',
    'training/classifier',
    'training/evaluation',
    'training/bundle',
    'training/quantization',
    'training/data',
    'training/cli',
    'training/backend',
    'src/encoders',
    'src/weights',
    'src/digit.ts',
  ],
  'training/attack': [
    'training/gan',
    'training/export',
    'training/bundle',
    'training/quantization',
    'training/data',
    'training/cli',
    'training/backend',
    'src/encoders',
    'src/weights',
    'src/sampler',
  ],
  'training/doctor': [
    'training/gan',
    'training/bundle',
    'training/data',
    'training/cli',
    'training/backend',
    'src/sampler',
  ],
  'training/sampling': [
    'training/cli',
    'src/app.ts',
    'src/routes',
    'src/http',
    'src/encoders',
    'src/weights',
    'src/sampler',
    'src/digit.ts',
  ],
  'training/export': ['training/quantization', 'training/cli', 'src/encoders'],
  'training/gan': [
    'training/quantization',
    'training/data',
    'training/cli',
    'training/backend',
    'src/encoders',
    'src/weights',
    'src/sampler',
    'src/digit.ts',
  ],
  'training/classifier': [
    'training/evaluation',
    'training/quantization',
    'training/data',
    'training/cli',
    'training/backend',
    'src/sampler',
  ],
  'training/evaluation': [
    'training/bundle',
    'training/quantization',
    'training/data',
    'training/cli',
    'training/backend',
    'src/encoders',
    'src/weights',
    'src/sampler',
    'src/digit.ts',
  ],
  'training/bundle': [
    'training/quantization',
    'training/cli',
    'src/routes',
    'src/page',
    'src/encoders',
    'src/weights',
    'src/sampler',
    'src/sampler/kernel',
    'src/digit.ts',
  ],
  'training/quantization': ['src/weights', 'src/sampler', 'src/sampler/kernel', 'src/digit.ts'],
  'training/data': ['training/cli', 'src/encoders', 'src/sampler'],
  'training/cli': [],
  'training/backend': ['training/backend/wasm'],
  'training/backend/wasm': [],
  'src/index.ts': ['src/app.ts', 'src/page', 'src/weights'],
  'src/library.ts': ['src/library'],
  'src/library': [
    'src/app.ts',
    'src/routes',
    'src/encoders',
    'src/weights',
    'src/sampler',
    'src/digit.ts',
  ],
  'src/app.ts': ['src/routes', 'src/page', 'src/http', 'src/weights'],
  'src/routes': ['src/http', 'src/encoders', 'src/weights', 'src/sampler', 'src/digit.ts'],
  'src/page': ['src/http'],
  'src/page/client': ['src/http', 'src/weights', 'src/sampler', 'src/digit.ts'],
  'src/http': ['src/encoders', 'src/digit.ts'],
  'src/encoders': ['src/digit.ts'],
  'src/weights': ['src/sampler', 'src/digit.ts'],
  'src/sampler': [],
  'src/sampler/kernel': [],
  'src/digit.ts': [],
};

/** The innermost room is that of the longest name. */
function roomOf(file: string): string {
  const rooms = Object.keys(ROOMS).filter((room) => file === room || file.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0] ?? `no room: ${file}`;
}

const files = globSync('{src,training}/**/*.ts', { cwd: ROOT, exclude: ['**/*.d.ts'] })
  .map((file) => file.replaceAll('\\', '/'))
  .toSorted();

/** What each file imports, of the project's own. */
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const paths = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
    return [file, Array.from(paths, ([, path]) => resolve(file, path))];
  }),
);

/** AssemblyScript leaves the ending out. */
function resolve(file: string, path: string): string {
  const target = posix.join(posix.dirname(file), path);
  return posix.extname(target) === '' ? `${target}.ts` : target;
}

test('rooms import from the rooms that the table names, and from no others', () => {
  const found: Record<string, Set<string>> = {};
  for (const [file, targets] of imports) {
    const room = roomOf(file);
    found[room] ??= new Set();
    for (const target of targets) {
      if (files.includes(target) && roomOf(target) !== room) found[room].add(roomOf(target));
    }
  }
  const expected = Object.entries(ROOMS).map(([room, others]) => [room, new Set(others)]);
  expect(found).toEqual(Object.fromEntries(expected));
});

test('no arrow of the table runs back', () => {
  const order = Object.keys(ROOMS);
  for (const [index, room] of order.entries()) {
    for (const other of ROOMS[room]) {
      expect(order.indexOf(other), `${room} → ${other}`).toBeGreaterThan(index);
    }
  }
});

test('no files import one another in a circle', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    expect(path, [...path, file].join(' → ')).not.toContain(file);
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

test('tests mirror the rooms: each folder of theirs is one of src or training', () => {
  const folders = globSync('test/{src,training}/**/*.test.ts', { cwd: ROOT }).map(dirname);
  for (const folder of new Set(folders)) {
    const mirrored = join(ROOT, folder.replace(/^test./, ''));
    expect(existsSync(mirrored), `${folder} has no room`).toBe(true);
  }
});
