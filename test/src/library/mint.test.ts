/** The library draws what the service answers: the same bytes for the same seed. */

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { beforeAll, describe, expect, test } from 'vitest';

import { createApp } from '../../../src/app.ts';
import * as inlined from '../../../src/library/entries/inlined.ts';
import { createMint, type Mint } from '../../../src/library/entries/node.ts';
import * as library from '../../../src/library/entries/node.ts';
import { createModel } from '../../../src/weights/model.ts';
import { loadKernel } from '../../../training/bundle/engine.ts';
import {
  CLASSIFIER,
  CONDITIONAL,
  type NetworkParts,
  packedOf,
  randomNetwork,
} from '../../training/bundle/networks.ts';
import { shippedModel } from '../golden.ts';

const SEEDS = ['7', 'digitmint', 'Ziffer für dich', '数字', '👩‍🚀'];
const WEIGHTS = 'build/model.safetensors';

const model = shippedModel();
const app = createApp(model);
let mint: Mint;
beforeAll(async () => {
  mint = await createMint();
});

async function answer(path: string): Promise<Uint8Array> {
  const response = await app.request(path, {}, {});
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}
async function textOf(path: string): Promise<string> {
  return new TextDecoder().decode(await answer(path));
}
const query = (seed: string): string => `seed=${encodeURIComponent(seed)}`;

describe('a mint', () => {
  test.each(SEEDS)('draws the digit of %j as the service does', async (seed) => {
    const digit = mint.digit(seed);
    expect(digit).toMatchObject({ width: 28, height: 28, seed, model: model.shownHash });
    const { pixels, label, confidence } = JSON.parse(
      await textOf(`/digit.json?${query(seed)}`),
    ) as { pixels: number[]; label: number; confidence: number };
    expect([...digit.pixels]).toEqual(pixels);
    expect(digit.label).toBe(label);
    expect(digit.confidence).toBeCloseTo(confidence, 4);
  });

  test('draws the class that is asked for, or the first candidate', async () => {
    const seven = mint.digit('a', { label: 7 });
    expect(seven.label).toBe(7);
    expect(library.toPng(seven)).toEqual(await answer('/7.png?seed=a'));
    const raw = mint.digit('a', { raw: true });
    expect(library.toPng(raw)).toEqual(await answer('/digit.png?seed=a&raw=1'));
  });

  test('draws a series of which each digit has a seed of its own', async () => {
    const digits = mint.digits('series', 12, { label: 3 });
    expect(library.toNpy(digits)).toEqual(await answer('/digits.npy?seed=series&count=12&label=3'));
    expect(mint.digits('series', 5, { label: 3 })).toEqual(digits.slice(0, 5));
    expect(mint.digit(digits[4].seed, { label: 3 })).toEqual(digits[4]);
    expect(mint.digits('series', 0)).toEqual([]);
  });

  test('draws a number, digit beside digit', async () => {
    const number = mint.number('2024', { seed: 'year' });
    expect(library.toPng(number)).toEqual(await answer('/number/2024.png?seed=year'));
    const raw = mint.number('2024', { seed: 'year', raw: true });
    expect(library.toNpy(raw)).toEqual(await answer('/number/2024.npy?seed=year&raw=1'));
    expect(number).toMatchObject({ width: 4 * 28, height: 28, seed: 'year' });
    expect(number.digits.map(({ label }) => label)).toEqual([2, 0, 2, 4]);
    expect(number.digits[0].seed).not.toBe(number.digits[2].seed);
    const [row, column] = [17, 2 * 28 + 5];
    expect(number.pixels[row * number.width + column]).toBe(number.digits[2].pixels[row * 28 + 5]);
    expect(mint.number(2024, { seed: 'year' })).toEqual(number);
    expect(mint.number(2024n, { seed: 'year' })).toEqual(number);
    expect(mint.number('007').digits).toHaveLength(3);
  });

  test('walks from one digit to another', async () => {
    const walk = mint.walk('a', 'b', 6);
    expect(walk).toHaveLength(6);
    expect(walk[0].pixels).toEqual(mint.digit('a').pixels);
    expect(library.toGif(walk, { scale: 2 })).toEqual(
      await answer('/walk.gif?from=a&to=b&frames=6&scale=2'),
    );
    expect(library.toApng(mint.walk('a', 'b'))).toEqual(await answer('/walk.png?from=a&to=b'));
  });

  test('without a seed draws a fresh digit, which its seed draws again', () => {
    const [one, other] = [mint.digit(), mint.digit()];
    expect(one.seed).toMatch(/^[0-9a-f]{16}$/);
    expect(other.seed).not.toBe(one.seed);
    expect(mint.digit(one.seed)).toEqual(one);
  });

  test.each([
    ['a label that there is not', () => mint.digit('a', { label: 10 }), 'label: found 10'],
    ['a label that is no whole number', () => mint.digit('a', { label: 1.5 }), 'label: found 1.5'],
    ['a count that is none', () => mint.digits('a', -1), 'count: found -1'],
    ['a number that is none', () => mint.number('12a'), 'number: found "12a"'],
    ['one frame', () => mint.walk('a', 'b', 1), 'frames: found 1'],
  ])('refuses %s', (_, draw, says) => {
    expect(draw).toThrow(RangeError);
    expect(draw).toThrow(says);
  });
});

describe('createMint', () => {
  test('takes other weights as bytes, a path or a URL', async () => {
    const bytes = readFileSync(WEIGHTS);
    const url = pathToFileURL(WEIGHTS);
    const { buffer, byteOffset, byteLength } = bytes;
    const copy = buffer.slice(byteOffset, byteOffset + byteLength);
    for (const weights of [bytes, copy, WEIGHTS, url, url.href]) {
      const own = await createMint({ weights });
      expect(own.digit('a')).toEqual(mint.digit('a'));
    }
  });

  test.each([
    ['weights that are no model', new Uint8Array(100), /safetensors/],
    ['a generator that is not laid out yet', 'weights/generator.safetensors', /no packed model/],
    ['a file that is not there', 'nowhere.safetensors', /nowhere/],
  ])('refuses %s', async (_, weights, says) => {
    await expect(createMint({ weights })).rejects.toThrow(says);
  });

  test('with raw takes first candidates, unless a call asks otherwise', async () => {
    const raw = await createMint({ raw: true });
    expect(raw.digit('series 3')).toEqual(mint.digit('series 3', { raw: true }));
    expect(raw.digit('a', { raw: false })).toEqual(mint.digit('a'));
  });

  test('inlined draws the same', async () => {
    const own = await inlined.createMint();
    expect(own.digit('a')).toEqual(mint.digit('a'));
  });
});

describe('weights of other things than digits', () => {
  const names = ['boat', 'car', 'Zug nach Köln'];
  const about = { width: '15', height: '9', classNames: JSON.stringify(names) };
  const withFacts = ({ tensors, metadata }: NetworkParts) => ({
    tensors,
    metadata: { ...metadata, ...about },
  });
  const weights = packedOf(
    withFacts(randomNetwork([12, 21, 135], 'library', { ...CONDITIONAL, classes: 3 })),
    withFacts(randomNetwork([135, 10, 3], 'library', CLASSIFIER)),
  );
  const other = createApp(createModel(loadKernel(), weights));

  test('have sizes, classes and names of their own', async () => {
    const own = await createMint({ weights });
    expect(own).toMatchObject({ width: 15, height: 9 });
    expect(own.classes.map(({ name }) => name)).toEqual(names);
    const car = own.digit('a', { label: 'car' });
    expect(car).toMatchObject({ width: 15, height: 9, label: 1, name: 'car' });
    expect(own.digit('a', { label: 1 })).toEqual(car);
    const served = await other.request('/1.png?seed=a');
    expect(library.toPng(car)).toEqual(new Uint8Array(await served.arrayBuffer()));
    const grid = library.toGrid(own.digits('a', 4), 3);
    expect(grid).toMatchObject({ width: 45, height: 18 });
    expect(own.number('210')).toMatchObject({ width: 45, height: 9 });
    expect(() => own.number('7')).toThrow('label: found 7, expected a whole number from 0 to 2');
  });
});

describe('encoders', () => {
  const looks = { scale: 3, fg: '#c30', bg: 'FFEEdd' };
  const looked = 'seed=a&scale=3&fg=c30&bg=ffeedd';

  test('have the bytes of the service', async () => {
    const digit = mint.digit('a');
    expect(library.toPng(digit)).toEqual(await answer('/digit.png?seed=a'));
    expect(library.toPng(digit, looks)).toEqual(await answer(`/digit.png?${looked}`));
    expect(library.toPng(digit, { bg: '123' })).toEqual(await answer('/digit.png?seed=a&bg=123'));
    expect(library.toSvg(digit, looks)).toEqual(await textOf(`/digit.svg?${looked}`));
    expect(library.toText(digit)).toEqual(await textOf('/digit.txt?seed=a'));
    expect(library.toNpy(digit)).toEqual(await answer('/digit.npy?seed=a'));
    const digits = mint.digits('a', 23);
    expect(library.toIdx(digits)).toEqual(await answer('/digits.idx?seed=a&count=23'));
    expect(library.toPng(library.toGrid(digits))).toEqual(
      await answer('/digits.png?seed=a&count=23'),
    );
    expect(library.toPng(library.toGrid(digits, 7), looks)).toEqual(
      await answer(`/digits.png?${looked}&count=23&cols=7`),
    );
  });

  test('leave the paper out where that can be', async () => {
    const [digit, walk] = [mint.digit('a'), mint.walk('a', 'b', 3)];
    const clear = { fg: '036', bg: 'transparent' };
    const asked = 'fg=036&bg=transparent';
    expect(library.toPng(digit, clear)).toEqual(await answer(`/digit.png?seed=a&${asked}`));
    expect(library.toSvg(digit, clear)).toEqual(await textOf(`/digit.svg?seed=a&${asked}`));
    expect(library.toApng(walk, clear)).toEqual(
      await answer(`/walk.apng?from=a&to=b&frames=3&${asked}`),
    );
    expect(() => library.toGif(walk, clear)).toThrow(RangeError);
    expect(() => library.toText(digit, clear)).toThrow('bg: found "transparent"');
  });

  test('write a data URL of the PNG', async () => {
    const url = library.toDataUrl(mint.digit('a'), looks);
    const response = await fetch(url);
    expect(response.headers.get('Content-Type')).toBe('image/png');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(
      await answer(`/digit.png?${looked}`),
    );
  });

  test.each([
    [{ scale: 0 }, 'scale: found 0'],
    [{ scale: 1.5 }, 'scale: found 1.5'],
    [{ fg: 'red' }, 'fg: found "red"'],
    [{ bg: '#12345' }, 'bg: found "#12345"'],
  ])('refuse %j', (wrong, says) => {
    const encode = () => library.toPng(mint.digit('a'), wrong);
    expect(encode).toThrow(RangeError);
    expect(encode).toThrow(says);
  });
});
