/** Models of other things than digits: sizes, classes and names are the model's own in every answer. */

import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';

import { createApp } from '../../src/app.ts';
import { createModel } from '../../src/weights/model.ts';
import { loadKernel } from '../../training/bundle/engine.ts';
import {
  CLASSIFIER,
  CONDITIONAL,
  type NetworkParts,
  packedOf,
  randomNetwork,
} from '../training/bundle/networks.ts';
import { bytesOf, problemOf } from './documents.ts';

const kernel = loadKernel();

/** What weights say about their data. */
function facts(width: number, height: number, names?: readonly string[]): Record<string, string> {
  return {
    dataset: 'toys & co',
    width: `${width}`,
    height: `${height}`,
    ...(names && { classNames: JSON.stringify(names) }),
  };
}

function withFacts({ tensors, metadata }: NetworkParts, more: Record<string, string>) {
  return { tensors, metadata: { ...metadata, ...more } };
}

/** The app of a conditional generator and its classifier, or of a plain generator alone. */
function appOf(width: number, height: number, names: readonly string[], isPlain = false) {
  const [pixels, classes] = [width * height, isPlain ? 0 : names.length];
  const about = facts(width, height, names);
  const kind = { ...CONDITIONAL, classes };
  const generator = withFacts(randomNetwork([9 + classes, 21, pixels], 'motif', kind), about);
  const classifier =
    names.length === 0
      ? undefined
      : withFacts(randomNetwork([pixels, 10, names.length], 'motif', CLASSIFIER), about);
  const app = createApp(createModel(kernel, packedOf(generator, classifier)));
  return async (path: string) => app.request(`http://localhost${path}`, {}, {});
}

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('named classes of 15 × 9 pixels', () => {
  const get = appOf(15, 9, ['boat', 'car/van', 'Zug nach Köln']);

  test('come by number or by name, which is the same digit', async () => {
    const byNumber = await get('/digit.json?seed=a&label=1');
    const document = await json(byNumber);
    expect(document).toMatchObject({ label: 1, name: 'car/van', width: 15, height: 9 });
    expect(document['pixels']).toHaveLength(135);
    for (const path of ['/digit.json?seed=a&label=car%2Fvan', '/1.json?seed=a']) {
      const same = await get(path);
      expect(same.headers.get('Content-Location')).toBe(byNumber.headers.get('Content-Location'));
      expect(await json(same)).toEqual(document);
    }
    const other = await get('/digit.png?label=Zug+nach+K%C3%B6ln');
    expect(other.headers.get('X-Digit-Label')).toBe('2');
  });

  test('that are none are told which there are', async () => {
    const wrong = await get('/digit?label=9');
    expect(wrong.status).toBe(400);
    const expected = 'a whole number from 0 to 2, or a name: boat, car/van, Zug nach Köln';
    expect((await problemOf(wrong)).errors).toEqual([{ parameter: 'label', found: '9', expected }]);
    const absent = await get('/9');
    expect(absent.status).toBe(404);
    expect((await problemOf(absent)).detail).toContain('a whole number from 0 to 2');
    expect((await get('/01')).status).toBe(404);
  });

  test('have pictures and data of that size', async () => {
    const png = decode(await bytesOf(await get('/digits.png?seed=a&count=4&cols=3&scale=2')));
    expect(png).toMatchObject({ width: 90, height: 36 });
    const one = decode(await bytesOf(await get('/digit.png?seed=a')));
    const { pixels } = (await json(await get('/digit.json?seed=a'))) as { pixels: number[] };
    expect([...one.data]).toEqual(pixels);
    const npy = new TextDecoder('latin1').decode(await bytesOf(await get('/digits.npy?count=3')));
    expect(npy).toContain("'shape': (3, 9, 15)");
    const lines = (await (await get('/digit.txt?seed=a')).text()).trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect((await get('/walk.gif?scale=2')).status).toBe(200);
  });

  test('bound pictures by their own pixels', async () => {
    // 100 · 15 · 9 · 8² = 864,000; at scale 9 it is more than 2²⁰.
    expect((await get('/digits.png?scale=8')).status).toBe(200);
    expect((await get('/digits.png?scale=9')).status).toBe(400);
  });

  test('are listed by /model', async () => {
    expect(await json(await get('/model'))).toMatchObject({
      title: 'toys & co',
      width: 15,
      height: 9,
      classes: [
        { number: 0, name: 'boat' },
        { number: 1, name: 'car/van' },
        { number: 2, name: 'Zug nach Köln' },
      ],
    });
  });
});

describe('classes that are numbers with gaps', () => {
  const get = appOf(16, 10, ['3', '5', '8']);

  test('have these numbers', async () => {
    const document = await json(await get('/5.json?seed=a'));
    expect(document).toMatchObject({ label: 5 });
    expect(document).not.toHaveProperty('name');
    expect((await get('/digit?label=8')).headers.get('X-Digit-Label')).toBe('8');
    const absent = await get('/0.png');
    expect(absent.status).toBe(404);
    expect((await problemOf(absent)).detail).toContain('one of 3, 5, 8');
  });
});

describe('a plain generator that looks for classes', () => {
  test.each([
    [2, 50],
    [26, 3],
    [60, 1],
  ])('of %i lets one ask for %i of one', async (classes, count) => {
    const names = Array.from({ length: classes }, (_, i) => `class ${i}`);
    const about = facts(8, 8, names);
    const generator = withFacts(randomNetwork([9, 12, 64]), about);
    const classifier = withFacts(randomNetwork([64, classes], '', CLASSIFIER), about);
    const app = createApp(createModel(kernel, packedOf(generator, classifier)));
    const statusOf = async (many: number) =>
      (await app.request(`/digits.json?label=0&count=${many}`, {}, {})).status;
    expect([await statusOf(count), await statusOf(count + 1)]).toEqual([200, 400]);
  });
});

describe('pictures without classes, 20 × 16', () => {
  const get = appOf(20, 16, [], true);

  test('have no label, no confidence and no classifier', async () => {
    const response = await get('/digit.json?seed=a');
    expect(response.headers.has('X-Digit-Label')).toBe(false);
    expect(response.headers.has('X-Digit-Confidence')).toBe(false);
    const document = await json(response);
    expect(Object.keys(document)).toEqual(['seed', 'model', 'width', 'height', 'pixels', 'url']);
    const model = await json(await get('/model'));
    expect(model).toMatchObject({ classes: [], labelled: false });
    expect(model).not.toHaveProperty('classifier');
    expect((await get('/health')).status).toBe(200);
    expect((await get('/walk')).status).toBe(200);
  });

  test('are the first that a seed draws, as with raw', async () => {
    const [one, raw] = await Promise.all(
      ['', '&raw=1'].map(async (query) => bytesOf(await get(`/digit.png?seed=a${query}`))),
    );
    expect(one).toEqual(raw);
  });

  test('refuse a label, and have no route for one', async () => {
    const wrong = await get('/digit?label=0');
    expect(wrong.status).toBe(400);
    const expected = 'no label, since the model has no classes';
    expect((await problemOf(wrong)).errors).toEqual([{ parameter: 'label', found: '0', expected }]);
    const absent = await get('/0');
    expect(absent.status).toBe(404);
    expect((await problemOf(absent)).detail).toContain('the model has none');
  });
});
