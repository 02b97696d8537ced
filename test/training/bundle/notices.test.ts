/** The licenses of others' code come along with it: in the Worker's bundle, by its source map. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import page from '../../../build/page.js';
import { bundle } from '../../../training/bundle/worker.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('the notices name every package of which there is code in the bundle, with its license', async () => {
  const { folder, modules } = await bundle();
  const map = JSON.parse(readFileSync(`${folder}${modules[0]}.map`, 'utf8')) as {
    sources: string[];
  };
  const found = map.sources.flatMap(
    (source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.slice(1) ?? [],
  );
  const packages = [...new Set(found)].toSorted();
  expect(packages).toContain('hono');
  const text = page.files['notices.txt'].text ?? '';
  const notices = text.split('\n----\n\n');
  expect(notices.map((notice) => notice.split('\n')[0])).toEqual(packages);
  for (const [index, name] of packages.entries()) {
    const { license } = JSON.parse(
      readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
    ) as { license: string };
    expect(license).toBe('MIT');
    expect(notices[index]).toMatch(/Copyright \(c\)|Copyright ©/i);
    expect(notices[index]).toContain('Permission is hereby granted');
  }
});
