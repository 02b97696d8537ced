/** src/page → build/page.js: the web page as the Worker is built with it. */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  digitFormats,
  digitsFormats,
  numberFormats,
  walkFormats,
} from '../../src/encoders/formats.ts';
import type { PageBundle, PageFile } from '../../src/page/serve.ts';
import { readPacked } from '../../src/weights/packed.ts';
import { Failure } from '../cli/failure.ts';
import { modelAddress } from './assets.ts';
import type { Artefact } from './build.ts';
import { SAMPLER_KERNEL } from './kernels.ts';
import { MODEL } from './model.ts';
import { modulesIn, noticesOf } from './notices.ts';
import { wordsOf } from './page-words.ts';

const SCRIPT = 'src/page/client/app.ts';
const STYLES = 'src/page/page.css';
const HTML = 'src/page/page.html';
/** All that the Worker runs, but for what is built. */
const WORKER = ['src/app.ts', 'src/page/serve.ts', 'src/weights/model.ts'];
const ICON = 'src/page/favicon.svg';
/** Says where the project's home is. */
const PACKAGE = 'package.json';
/** All browsers that can run the page understand this. */
const TARGET = 'es2022';
const VERSION_DIGITS = 16;

export const PAGE: Artefact = {
  outputs: ['build/page.js'],
  // The page names the versions of both.
  needs: [SAMPLER_KERNEL, MODEL],
  async inputs() {
    const built = [SAMPLER_KERNEL, MODEL].flatMap(({ outputs }) => outputs);
    return {
      modules: [import.meta.filename, SCRIPT, ...WORKER, STYLES],
      files: [HTML, ICON, PACKAGE, ...built],
    };
  },
  async make(folder, root) {
    const page = JSON.stringify(await bundlePage(root));
    writeFileSync(join(folder, 'page.js'), `export default ${page};\n`);
  },
};

async function bundlePage(root: string): Promise<PageBundle> {
  const read = (path: string) => readFileSync(join(root, path));
  const files: Record<string, PageFile> = {
    'app.js': textFile('text/javascript; charset=utf-8', await minified(root, SCRIPT)),
    'app.css': textFile('text/css; charset=utf-8', await minified(root, STYLES)),
    'favicon.svg': textFile('image/svg+xml', read(ICON).toString().trim()),
    'notices.txt': textFile(
      'text/plain; charset=utf-8',
      noticesOf(await modulesIn([...WORKER, SCRIPT], root)),
    ),
    'sampler.wasm': kernelFile(read('build/sampler.wasm')),
    'sampler-plain.wasm': kernelFile(read('build/sampler-plain.wasm')),
  };
  const { homepage } = JSON.parse(read(PACKAGE).toString()) as { homepage: string };
  const source = homepage.replace(/#.*/, '');
  const model = read('build/model.safetensors');
  const { hash, motif } = readPacked(model);
  const words = { ...wordsOf(motif), source };
  // A static asset, which takes no CPU time; the same model may be laid out anew for another kernel.
  const weights = `${modelAddress(hash)}?v=${versionOf(model)}`;
  const html = read(HTML)
    .toString()
    .replaceAll(/^\s+/gm, '')
    .replaceAll(/\{\{([\w-]+\.\w+)\}\}/g, (_, name: string) => addressOf(name, files))
    .replaceAll(/\{\{say:(\w+)\}\}/g, (_, name: string) => known(name, words))
    .replaceAll(/\{\{links:(\w+)\}\}/g, (_, content: string) => linksTo(content))
    .replaceAll('{{weights}}', weights)
    .replaceAll('{{forms}}', formOptions());
  return { html: textFile('text/html; charset=utf-8', html), files };
}

async function minified(root: string, entry: string): Promise<string> {
  const { buildSync } = await import('esbuild');
  const { outputFiles } = buildSync({
    absWorkingDir: root,
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

/** @throws Failure for a name that page.html has and nobody knows */
function known(name: string, words: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(words, name)) return words[name];
  const expected = Object.keys(words).join(', ');
  throw new Failure(`${HTML}: found {{say:${name}}}, expected one of ${expected}.`);
}

function addressOf(name: string, files: Readonly<Record<string, PageFile>>): string {
  if (!Object.hasOwn(files, name)) {
    throw new Failure(
      `${HTML}: found {{${name}}}, expected one of ${Object.keys(files).join(', ')}.`,
    );
  }
  return `/page/${name}?v=${files[name].version}`;
}

/** Of a format, what the page's script builds addresses from. */
interface Form {
  readonly name: string;
  readonly options: readonly string[];
}

/** The formats of what the page shows, by what page.html calls it. */
const FORMATS: Readonly<Record<string, readonly Form[]>> = {
  one: digitFormats,
  many: digitsFormats,
  number: numberFormats,
  walk: walkFormats,
};

/** A link for each format; the page's script fills in the addresses. */
function linksTo(content: string): string {
  if (!Object.hasOwn(FORMATS, content)) {
    throw new Failure(
      `${HTML}: found {{links:${content}}}, expected one of ${Object.keys(FORMATS).join(', ')}.`,
    );
  }
  return FORMATS[content]
    .map((form) => `<a ${attributesOf(form)}>${form.name.toUpperCase()}</a>`)
    .join(', ');
}

/** A choice for each format that anything has, with all options of it; the page's script shows those that there are. */
function formOptions(): string {
  const names = new Set(Object.values(FORMATS).flatMap((all) => all.map(({ name }) => name)));
  return Array.from(names, (name) => {
    const having = Object.entries(FORMATS).flatMap(([kind, all]) =>
      all.filter((form) => form.name === name).map(({ options }) => ({ kind, options })),
    );
    const options = [...new Set(having.flatMap((each) => each.options))];
    const kinds = having.map(({ kind }) => kind).join(' ');
    const attributes = `value="${name}" ${attributesOf({ name, options })} data-kinds="${kinds}"`;
    return `<option ${attributes}>${name.toUpperCase()}</option>`;
  }).join('');
}

function attributesOf({ name, options }: Form): string {
  return `data-format="${name}" data-options="${options.join(' ')}"`;
}

function textFile(contentType: string, text: string): PageFile {
  return { contentType, version: versionOf(text), text };
}

function kernelFile(kernel: Buffer): PageFile {
  const base64 = kernel.toString('base64');
  return { contentType: 'application/wasm', version: versionOf(kernel), base64 };
}

function versionOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_DIGITS);
}
