/**
 * `npm run build:page`: src/page → build/page.js, the web page as the Worker is built with it. Takes
 * kernel and model as they are built by then, since the page names the versions of both. Arguments in,
 * one call, exit code out.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { buildSync } from 'esbuild';

import type { PageBundle, PageFile } from '../../src/page/serve.ts';
import { Failure, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { helpText, parseFlags } from '../cli/flags.ts';

const USAGE = 'npm run build:page';
const ABOUT = 'Bundles the web page for the Worker that is built with it.';
const BUILT = 'build/page.js';
/** Browsers that know all that the page uses anyhow. */
const TARGET = 'es2022';
const VERSION_DIGITS = 16;

await runCommand(async () => {
  const { help } = parseFlags({}, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, {}));
    return 0;
  }
  writeAtomically(BUILT, Buffer.from(`export default ${JSON.stringify(bundle())};\n`));
  return 0;
});

function bundle(): PageBundle {
  const files: Record<string, PageFile> = {
    'app.js': textOf('text/javascript; charset=utf-8', minified('src/page/client/app.ts')),
    'app.css': textOf('text/css; charset=utf-8', minified('src/page/page.css')),
    'favicon.svg': textOf('image/svg+xml', read('src/page/favicon.svg').toString().trim()),
    'sampler.wasm': {
      contentType: 'application/wasm',
      version: versionOf(read('build/sampler.wasm')),
      base64: read('build/sampler.wasm').toString('base64'),
    },
    'model.safetensors': {
      contentType: 'application/octet-stream',
      version: versionOf(read('build/model.safetensors')),
    },
  };
  const html = read('src/page/page.html')
    .toString()
    .replaceAll(/^\s+/gm, '')
    .replaceAll(/\{\{(\w+\.\w+)\}\}/g, (_, name: string) => addressOf(name, files));
  return { html: textOf('text/html; charset=utf-8', html), files };
}

function minified(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    charset: 'utf8',
    write: false,
  });
  return outputFiles[0].text;
}

function addressOf(name: string, files: Readonly<Record<string, PageFile>>): string {
  if (!Object.hasOwn(files, name)) {
    throw new Failure(
      `src/page/page.html: found {{${name}}}, expected one of ${Object.keys(files).join(', ')}.`,
    );
  }
  return `/page/${name}?v=${files[name].version}`;
}

function textOf(contentType: string, text: string): PageFile {
  return { contentType, version: versionOf(text), text };
}

function versionOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_DIGITS);
}

function read(path: string): Buffer {
  if (existsSync(path)) return readFileSync(path);
  throw new Failure(`${path}: found no such file; npm run build:worker makes it.`);
}
