/** What is in the package: complete, well described to others' eyes, and no larger than it need be. */

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sizes } from './examples.ts';
import { pack, ROOT, shell } from './installed.ts';

let packed: ReturnType<typeof pack>;
beforeAll(() => {
  packed = pack();
});
afterAll(() => packed.remove());

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
}
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

describe('the package', () => {
  test('has what it exports, and no tests, sources of training, or runs', () => {
    const list = execFileSync('tar', ['tzf', packed.tarball], { encoding: 'utf8' });
    const files = list
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''));
    const exported = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    for (const path of exported) expect(files).toContain(path.replace('./', ''));
    const others = files.filter((file) => !file.startsWith('dist/'));
    expect(others.toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  test('brings nothing else along', () => {
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.optionalDependencies).toBeUndefined();
  });

  test('names the licenses of what it bundles', () => {
    const licenses = readFileSync(join(ROOT, 'dist/LICENSES.txt'), 'utf8');
    for (const name of ['@noble/hashes', 'valibot']) expect(licenses).toContain(`${name}\n\n`);
    expect(licenses.match(/Permission is hereby granted/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('is what npm would publish, as a dry run without a network says', () => {
    const args = ['publish', '--dry-run', '--offline', '--ignore-scripts', '--json'];
    const output = execFileSync('npm', args, { cwd: ROOT, shell, encoding: 'utf8', stdio: 'pipe' });
    const about = JSON.parse(output) as Record<string, object>;
    expect(about).toMatchObject({ digitmint: { name: 'digitmint' } });
  });

  test('has source maps that bring the sources along', () => {
    const map = JSON.parse(readFileSync(join(ROOT, 'dist/index.js.map'), 'utf8')) as {
      sources: string[];
      sourcesContent: string[];
    };
    expect(map.sources).toEqual(['../src/library.ts']);
    expect(map.sourcesContent).toEqual([readFileSync(join(ROOT, 'src/library.ts'), 'utf8')]);
  });

  test('names types before all else', () => {
    for (const entry of Object.values(manifest.exports)) {
      if (typeof entry !== 'string') expect(Object.keys(entry)[0]).toBe('types');
    }
  });

  test('publint finds nothing', async () => {
    const { messages } = await publint({ pkgDir: ROOT, pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  test('Are the types wrong? They are not, for modules', () => {
    const folder = dirname(
      createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json'),
    );
    const args = [join(folder, 'dist/index.js'), '--profile', 'esm-only', packed.tarball];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status, stdout).toBe(0);
  });
});

/** Of the sampler's code, gzipped, in kB. */
const MAX_SAMPLER_KB = 15;

describe('minified and gzipped, beside kernel and weights', () => {
  test.each(sizes())('%s takes at most what the documentation says', async (code, maxKb) => {
    expect(await gzippedKb(code.replace('import', 'export'))).toBeLessThanOrEqual(maxKb);
  });

  test('the sampler is small', () => {
    const [[code, maxKb]] = sizes();
    expect(code).toContain('createMint }');
    expect(maxKb).toBeLessThanOrEqual(MAX_SAMPLER_KB);
  });
});

async function gzippedKb(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    minify: true,
    format: 'esm',
    external: ['hono', 'hono/*'],
    write: false,
  });
  return gzipSync(outputFiles[0].contents).length / 1000;
}
