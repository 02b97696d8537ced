/**
 * Other data than MNIST, the whole way, once each: files as people have them → training → int8 weights → bundle → Workers runtime → what
 * others decode. Trained for seconds, in small networks: the pictures are of the right size and class, not good.
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Validator } from '@seriousme/openapi-schema-validator';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Size } from '../src/digit.ts';
import { encodeNpy } from '../src/encoders/npy.ts';
import { startBackend } from '../training/backend/index.ts';
import { trainClassifier } from '../training/classifier/loop.ts';
import { quantizeClassifier } from '../training/classifier/quantize.ts';
import { requireLabels } from '../training/data/dataset.ts';
import { DATA_DEFAULTS } from '../training/data/options.ts';
import { readBoth } from '../training/data/read.ts';
import { quantizeGenerator } from '../training/evaluation/quantized.ts';
import { train } from '../training/gan/loop.ts';
import { recipeSizes } from '../training/gan/networks.ts';
import { DEFAULTS } from '../training/gan/recipe.ts';
import { COUNT, type Write, barsOf, writeIdx, writePictures } from './data-files.ts';
import { hasChromium } from './foreign/chromium.ts';
import { copyOfProject, type Project, uploadOf } from './project.ts';
import { bytesOf, problemOf } from './src/documents.ts';
import { PageUnderTest } from './src/page/browser.ts';
import { startWorker, type WorkerUnderTest } from './src/worker.ts';
import { SILENT } from './training/gan/runs.ts';

const JPEG = join(import.meta.dirname, 'training/data/pillow/halves.jpg');
const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
/** Trains, quantizes and builds; the project has nothing but these weights. */
async function projectOf(write: Write, { conditional = false } = {}): Promise<Project> {
  const project = copyOfProject();
  const written = join(project.folder, 'data');
  mkdirSync(written);
  const parts = await readBoth({ ...DATA_DEFAULTS, ...write(written) });
  const dataset = parts.train;
  const weights = (name: string): string => join(project.folder, 'weights', name);
  const backend = await startBackend({ threads: 2, relaxedSimd: true });
  try {
    if (dataset.labels) {
      const [learned, tested] = [parts.train, parts.test].map((part) =>
        requireLabels(part, 'a test'),
      );
      const float = trainClassifier(learned, { epochs: 3, seed: 1 }, () => {});
      const { quantizedFile } = quantizeClassifier(float, { train: learned, test: tested });
      writeFileSync(weights('classifier.safetensors'), quantizedFile);
    }
    const out = join(project.folder, 'run');
    const settings = { ...DEFAULTS, epochs: 1, stepsPerEpoch: 5, batchSize: 16, out, conditional };
    const recipe = recipeSizes(settings, dataset);
    const pixels = recipe.generatorUnits.slice(-1);
    const sizes = {
      ...recipe,
      generatorUnits: [24, 40, ...pixels],
      discriminatorUnits: [16, 8, 1],
    };
    const computing = { threads: 2, relaxedSimd: true };
    const run = { settings, dataset, sizes, computing, checkpoint: undefined, progress: SILENT };
    await train({ ...run, interrupted: () => false });
    const { quantizedFile } = quantizeGenerator(readFileSync(join(out, 'generator.safetensors')));
    writeFileSync(weights('generator.safetensors'), quantizedFile);
  } finally {
    await backend.stop();
  }
  return project;
}

/** What the Worker tells about a digit. */
interface Told {
  readonly label?: number;
  readonly name?: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
}

/** Serves data while the tests of a suite run. */
function serving(write: Write, options?: { conditional: boolean }) {
  let project: Project;
  let worker: WorkerUnderTest;
  beforeAll(async () => {
    project = await projectOf(write, options);
    worker = await startWorker({ upload: uploadOf(project) });
  });
  afterAll(async () => {
    await worker.stop();
    project.remove();
  });
  const get = (path: string, accept = '*/*'): Promise<Response> =>
    worker.fetch(path, { headers: { Accept: accept } });
  const told = async (path: string): Promise<Told> => (await (await get(path)).json()) as Told;
  const pictureAt = async (path: string) => decode(await bytesOf(await get(path)));
  const visit = async () => PageUnderTest.start({ upload: uploadOf(project) });
  return { get, told, pictureAt, visit };
}

type Service = ReturnType<typeof serving>;

async function expectSizes({ get, told, pictureAt }: Service, { width, height }: Size) {
  const document = await told('/digit.json?seed=a');
  expect(document).toMatchObject({ width, height });
  const picture = await pictureAt('/digit.png?seed=a');
  expect(picture).toMatchObject({ width, height });
  expect([...picture.data]).toEqual(document.pixels);
  expect(document.pixels).toHaveLength(width * height);
  expect(await pictureAt('/digits.png?seed=a&count=5&cols=3&scale=2')).toMatchObject({
    width: 6 * width,
    height: 4 * height,
  });
  const gif = new DataView(await (await get('/walk.gif?frames=3')).arrayBuffer());
  expect([gif.getUint16(6, true), gif.getUint16(8, true)]).toEqual([width, height]);
  const npy = Buffer.from(await bytesOf(await get('/digits.npy?count=3')));
  expect(npy.toString('latin1', 0, 128)).toContain(`(3, ${height}, ${width})`);
}

async function expectApi({ get }: Service, label: object | undefined) {
  const api = (await (await get('/openapi.json')).json()) as {
    paths: Record<string, { get: { 'x-codeSamples': [{ source: string }] } }>;
    components: { parameters: { label: { schema: object } } };
  };
  const { valid, errors } = await new Validator().validate(structuredClone(api));
  expect([valid, errors]).toEqual([true, undefined]);
  expect('/{label}' in api.paths).toBe(label !== undefined);
  for (const { get: operation } of Object.values(api.paths)) {
    const [, address] = /'(.*)'/.exec(operation['x-codeSamples'][0].source) ?? [];
    const { pathname, search } = new URL(address, 'http://localhost');
    expect([address, (await get(pathname + search)).status]).toEqual([address, 200]);
  }
  if (label) expect(api.components.parameters.label.schema).toEqual(label);
}

async function pageOf({ get }: Service): Promise<string> {
  return (await (await get('/', 'text/html')).text()).replaceAll(/\s+/g, ' ');
}

describe('letters as EMNIST has them: 26 classes from 1, transposed, 28 × 28, conditional', () => {
  const size = { width: 28, height: 28 };
  const service = serving(
    (folder) => {
      const names = {
        prefix: 'emnist-letters-',
        label: 'idx1-ubyte',
        labelsOf: (kind: number) => [kind + 1],
      };
      const data = join(folder, 'letters');
      mkdirSync(data);
      writeIdx(data, names, { size, kinds: LETTERS.length });
      const classNames = join(folder, 'names.txt');
      writeFileSync(classNames, LETTERS.join('\n'));
      return { data, classNames, transpose: true };
    },
    { conditional: true },
  );
  const { get, told } = service;

  test('are drawn by name and by number, in their size', async () => {
    await expectSizes(service, size);
    const q = await told('/digit.json?seed=a&label=Q');
    expect(q).toMatchObject({ label: 16, name: 'Q' });
    expect(await told('/16.json?seed=a')).toEqual(q);
    expect((await get('/digit?label=Q&seed=a')).headers.get('X-Digit-Label')).toBe('16');
    const series = (await told('/digits.json?seed=a&count=26')) as unknown as { digits: Told[] };
    for (const { label = -1, name } of series.digits) expect(name).toBe(LETTERS[label]);
  });

  test('that are none are refused with those that there are', async () => {
    const absent = await get('/26');
    expect([absent.status, (await problemOf(absent)).detail]).toEqual([
      404,
      'There is no class 26 here: expected a whole number from 0 to 25.',
    ]);
    const wrong = await get('/digit?label=%C3%84');
    expect(wrong.status).toBe(400);
    expect((await problemOf(wrong)).errors[0].expected).toContain('0 to 25, or a name: A, B, C');
  });

  test('are what /model, the API and the page speak of', async () => {
    const model = (await (await get('/model')).json()) as Record<string, unknown>;
    expect(model).toMatchObject({ title: 'letters', dataset: 'letters', labelled: true });
    expect(model['classes']).toEqual(LETTERS.map((name, number) => ({ number, name })));
    const numbers = { type: 'integer', minimum: 0, maximum: 25 };
    await expectApi(service, { anyOf: [numbers, { type: 'string', enum: LETTERS }] });
    const page = await pageOf(service);
    expect(page).toContain('Pictures like those of letters');
    // But for addresses and file names.
    expect(page).not.toMatch(/(?<![/\w])digits?(?![.\w])/i);
  });

  test.skipIf(!hasChromium)('can be chosen by name on the page', async () => {
    const site = await service.visit();
    const { page, complaints } = await site.visit();
    await page.getByRole('radio', { name: 'Q', exact: true }).check();
    await page.getByText('fresh pictures, each “Q”.').waitFor();
    expect(complaints).toEqual([]);
    await site.stop();
  });
});

describe('sprites as PNG and JPEG in three folders, fitted into 32 × 32, plain', () => {
  const size = { width: 32, height: 32 };
  const service = serving((folder) => {
    const data = join(folder, 'sprites');
    writePictures(data, { width: 40, height: 30 }, ['a', 'b', 'c']);
    for (const name of ['a', 'b', 'c']) copyFileSync(JPEG, join(data, name, `${name}.jpg`));
    const classNames = join(folder, 'names.txt');
    writeFileSync(classNames, ['boat', 'car/van', 'Zug <neu>'].join('\n'));
    return { data, classNames, side: 32 };
  });
  const { get, told } = service;

  test('are drawn in their size, and read by their own classifier', async () => {
    await expectSizes(service, size);
    const { label = -1, name } = await told('/digit.json?seed=b');
    expect(['boat', 'car/van', 'Zug <neu>'][label]).toBe(name);
    expect((await get('/digit?label=car%2Fvan')).status).toBe(200);
    expect((await get('/2.svg')).status).toBe(200);
  });

  test('are looked for, up to a hundred draws for a request', async () => {
    expect((await get('/digits.json?label=0&count=33')).status).toBe(200);
    const many = await get('/digits.json?label=0&count=34');
    expect(many.status).toBe(400);
    expect((await problemOf(many)).errors[0].expected).toContain('a count of at most 33');
  });

  test('are what the page speaks of', async () => {
    expect(await pageOf(service)).toContain('<a href="/2.svg">Zug &#60;neu&#62;</a>');
    await expectApi(service, {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: 2 },
        { type: 'string', enum: ['boat', 'car/van', 'Zug <neu>'] },
      ],
    });
  });
});

describe('textures as a NumPy array of 20 × 16 without labels, and without a classifier', () => {
  const size = { width: 20, height: 16 };
  const service = serving((folder) => {
    const data = join(folder, 'textures.npy');
    writeFileSync(data, encodeNpy([COUNT, size.height, size.width], barsOf(size, 1)));
    return { data };
  });
  const { get, told } = service;

  test('are drawn in their size, without a label', async () => {
    await expectSizes(service, size);
    expect(Object.keys(await told('/digit.json'))).not.toContain('label');
    expect((await get('/digit.png')).headers.has('X-Digit-Label')).toBe(false);
    expect((await get('/digit.png?label=0')).status).toBe(400);
    expect((await get('/0.png')).status).toBe(404);
    expect((await get('/health')).status).toBe(200);
  });

  test('have no class in /model, in the API or on the page', async () => {
    const model = (await (await get('/model')).json()) as Record<string, unknown>;
    expect(model).toMatchObject({ title: 'textures', classes: [] });
    expect(model).not.toHaveProperty('classifier');
    await expectApi(service, undefined);
    expect(await pageOf(service)).not.toMatch(/href="\/[0-9]/);
  });

  test.skipIf(!hasChromium)(
    'are on the page without a filter and without a confidence',
    async () => {
      const site = await service.visit();
      const { page, complaints } = await site.visit();
      await page.getByText('48 fresh pictures.', { exact: true }).waitFor();
      expect(await page.locator('#filter').isVisible()).toBe(false);
      await page.locator('#wall button').first().click();
      await page.getByRole('dialog', { name: 'A picture' }).waitFor();
      expect(await page.locator('#detail-confidence').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
      await site.stop();
    },
  );
});

describe('digits with labels as QMNIST has them, plain', () => {
  const size = { width: 12, height: 12 };
  const service = serving((folder) => {
    const names = {
      prefix: 'qmnist-',
      label: 'idx2-int',
      // The class, and seven numbers about the writer.
      labelsOf: (kind: number) => [kind, 4, 100, kind, 50, 9, 8, 7],
    };
    writeIdx(folder, names, { size, kinds: 3 });
    return { data: folder };
  });

  test('are drawn in their size, and read', async () => {
    await expectSizes(service, size);
    expect([0, 1, 2]).toContain((await service.told('/digit.json?seed=a')).label);
  });
});

describe('drawings in rows of pixels as QuickDraw has them, plain', () => {
  const size = { width: 28, height: 28 };
  const service = serving((folder) => {
    const data = join(folder, 'cat.npy');
    writeFileSync(data, encodeNpy([COUNT, size.height * size.width], barsOf(size, 1)));
    return { data };
  });

  test('are drawn in their size', () => expectSizes(service, size));
});

describe('pictures in one folder, without classes', () => {
  const size = { width: 16, height: 16 };
  const service = serving((folder) => {
    writePictures(folder, { width: 48, height: 48 }, []);
    return { data: folder, side: 16 };
  });

  test('are drawn in the size they are fitted into', () => expectSizes(service, size));
});
