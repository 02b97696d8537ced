/** The lock file fixes what is installed, on every platform, down to the bytes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

interface Entry {
  readonly link?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const read = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', name), 'utf8')) as unknown;
const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, Entry>> };
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);

test('every package has the hash of its bytes', () => {
  expect(installed.length).toBeGreaterThan(100);
  const without = installed.filter(
    ([, { integrity }]) => integrity?.startsWith('sha512-') !== true,
  );
  expect(without.map(([path]) => path)).toEqual([]);
});

test('every package comes from the registry', () => {
  const elsewhere = installed.filter(
    ([, { resolved }]) =>
      resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(elsewhere).toEqual([]);
});

test('packages with install scripts are those that are refused by name', () => {
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const withScripts = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/.*node_modules\//, ''));
  expect(Object.values(allowScripts)).not.toContain(true);
  for (const name of withScripts)
    expect([...Object.keys(allowScripts), 'fsevents']).toContain(name);
});
