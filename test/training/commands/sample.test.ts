/** `npm run sample` beside the Worker. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { textOfLatent } from '../../../src/http/latent.ts';
import { readMnist } from '../../foreign/mnist.ts';
import type { DigitDocument, SeriesDocument } from '../../src/documents.ts';
import { startWorker, type WorkerUnderTest } from '../../src/worker.ts';
import { run, start } from '../helpers.ts';

let worker: WorkerUnderTest;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const folder = mkdtempSync(join(tmpdir(), 'digitmint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of 100 numbers. */
const LATENT = textOfLatent(Int16Array.from({ length: 100 }, (_, i) => 40 * i - 2000));

const sample = (name: string, ...args: string[]) =>
  run('sample', ['--out', join(folder, name), ...args]);

const written = (name: string) => readFileSync(join(folder, name));

describe('npm run sample writes what the Worker answers', () => {
  test.each([
    ['a.png', '/digit.png?seed=a', ['--seed', 'a']],
    [
      'b.png',
      '/digit.png?seed=é+b&label=7&scale=3&fg=f80',
      ['--seed', 'é b', '--label', '7', '--scale', '3', '--fg', '#f80'],
    ],
    [
      'v.png',
      '/digit.png?seed=v&bg=transparent&scale=2',
      ['--seed', 'v', '--bg', 'transparent', '--scale', '2'],
    ],
    ['w.png', '/number/0042.png?seed=w&scale=2', ['--number', '0042', '--seed', 'w', '--scale=2']],
    ['x.json', '/number/7.json?seed=x&raw=1', ['--number', '7', '--seed', 'x', '--raw']],
    ['y.npy', '/number/2024.npy?seed=y', ['--number', '2024', '--seed', 'y']],
    ['c.svg', '/digit.svg?seed=c&raw=1&bg=123', ['--seed=c', '--raw', '--bg=123']],
    ['d.txt', '/digit.txt?seed=d', ['--seed', 'd']],
    ['z.json', `/digit.json?latent=${LATENT}&label=4`, ['--latent', LATENT, '--label', '4']],
    ['e.NPY', '/digit.npy?seed=e', ['--seed', 'e']],
    [
      'f.png',
      '/digits.png?seed=f&count=30&cols=7',
      ['--seed', 'f', '--count', '30', '--cols', '7'],
    ],
    [
      'g.npy',
      '/digits.npy?seed=g&count=3&label=2',
      ['--seed', 'g', '--count', '3', '--label', '2'],
    ],
    ['h.idx', '/digits.idx?seed=h&count=100', ['--seed', 'h', '--count', '100']],
    ['j.svg', '/digits.svg?seed=j&count=4', ['--seed', 'j', '--count', '4']],
    ['k.json', '/digits.json?seed=k&count=2', ['--seed', 'k', '--count', '2']],
  ])('%s is %s', async (name, path, args) => {
    const ended = await sample(name, ...args);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain(name);
    const response = await worker.fetch(encodeURI(path));
    expect(response.status).toBe(200);
    const expected = Buffer.from(await response.arrayBuffer());
    expect(readFileSync(join(folder, name)).equals(expected)).toBe(true);
  });

  test('with the labels of a series beside its images', async () => {
    await sample('l.idx', '--seed', 'l', '--count', '300');
    const { images, labels } = readMnist(written('l.idx'), written('l.labels.idx'), 300);
    expect([images.length, labels.length]).toEqual([300, 300]);
    const response = await worker.fetch('/digits.json?seed=l&count=100');
    const { digits } = (await response.json()) as SeriesDocument;
    expect(labels.slice(0, 100)).toEqual(digits.map(({ label }) => label));
    expect(images.slice(0, 100)).toEqual(digits.map(({ pixels }) => pixels));
  });

  test('one digit as IDX, with its label: the same as in other formats', async () => {
    await sample('i.idx', '--seed', 'i');
    const { images, labels } = readMnist(written('i.idx'), written('i.labels.idx'), 1);
    const response = await worker.fetch('/digit.json?seed=i');
    const { pixels, label } = (await response.json()) as DigitDocument;
    expect(images).toEqual([pixels]);
    expect(labels).toEqual([label]);
  });

  test('without a seed, another digit each time, and says which', async () => {
    const [one, other] = [await sample('m.png'), await sample('n.png')];
    expect(seedOf(one)).toBeDefined();
    expect(seedOf(one)).not.toBe(seedOf(other));
    await sample('o.png', '--seed', seedOf(one) ?? '');
    expect(readFileSync(join(folder, 'o.png'))).toEqual(readFileSync(join(folder, 'm.png')));
  });
});

function seedOf({ stdout }: { stdout: string }): string | undefined {
  return /seed '([0-9a-f]{16})'/.exec(stdout)?.[1];
}

describe('wrong use is one line, and leaves the file that is there', () => {
  test.each([
    ['p.png', ['--label', '11'], /^--label: found '11', expected a whole number from 0 to 9\.\n$/],
    ['p.png', ['--seed', ''], /^--seed: found '', expected 1 to 64 Unicode characters\.\n$/],
    ['p.png', ['--count', '0'], /^--count: found '0', expected a whole number from 1 to \d+\.\n$/],
    ['p.png', ['--scale', '33'], /^--scale: found '33', .*\n$/],
    ['p.png', ['--fg', 'red'], /^--fg: found 'red', .*\n$/],
    ['p.png', ['--count', '100', '--scale', '20'], /^--scale: found '20', .*pixels.*\n$/],
    ['p.gif', [], /^--out: found '\.gif', expected one of \.png .*\n$/],
    ['p', [], /^--out: found '', expected one of .*\n$/],
    ['p.txt', ['--count', '3'], /^--out: found '\.txt', expected one of .* for a series\.\n$/],
    [
      'p.png',
      ['--number', 'x1'],
      /^--number: found 'x1', expected 1 to 32 digits from 0 to 9\.\n$/,
    ],
    ['p.png', ['--number', '1', '--count', '2'], /^--count: found '2' with --number, .*\n$/],
    ['p.idx', ['--number', '1'], /^--out: found '\.idx', expected one of .* for a number\.\n$/],
    ['p.png', ['--latent', 'AAA'], /^--latent: found 'AAA', expected 100 whole numbers .*\n$/],
    ['p.png', ['--latent', LATENT, '--seed', 'a'], /^--seed: found 'a' with --latent, .*\n$/],
    ['p.idx', ['--latent', LATENT], /^--out: found '\.idx', expected .* digit of a latent\.\n$/],
    ['p.txt', ['--bg', 'transparent'], /^--bg: found 'transparent', expected a colour, .*\n$/],
    ['p.png', ['--colour', 'f00'], /^--colour: no such flag.*\n$/],
  ])('%s %j', async (name, args, says) => {
    const path = join(folder, name);
    writeFileSync(path, 'as it was');
    const { code, stdout, stderr } = await sample(name, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(readFileSync(path, 'utf8')).toBe('as it was');
  });

  test('without --out', async () => {
    expect(await run('sample', [])).toMatchObject({ code: 2, stdout: '' });
  });

  test('a picture too large for its bound names the flag that was given', async () => {
    const { code, stderr } = await sample('p.png', '--count', '2000');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--count: found '2000', expected a picture of at most \d+ pixels.*\n$/);
  });

  test.each([
    ['q.npy', 'q.npy'],
    ['u.png', 'u.png'],
    ['r.idx', 'r.labels.idx'],
  ])('%s where %s is a folder is exit code 1, and nothing is written', async (name, blocked) => {
    mkdirSync(join(folder, blocked));
    const { code, stderr } = await sample(name, '--count', '2');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*: found a folder, expected the name of a file\.\n$/);
    const left = readdirSync(folder).filter((file) => file.startsWith(name[0]));
    expect(left).toEqual([blocked]);
  });

  test('Ctrl-C leaves no file behind', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows ends a process at once, whatever the signal');
    const { process: child, ended } = start('sample', [
      '--out',
      join(folder, 's.idx'),
      '--count',
      '1000000',
    ]);
    // The first sign of life: a file that is not whole yet.
    while (!existsSync(join(folder, 's.labels.idx.tmp')) && child.exitCode === null) {
      await setImmediate();
    }
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: 'Stopped; no file was written.\n' });
    expect(readdirSync(folder).filter((file) => file.startsWith('s.'))).toEqual([]);
  });

  test('a missing folder is exit code 1', async () => {
    const { code, stderr } = await sample('none/a.png');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*none: found no such folder.*\n$/);
    expect(existsSync(join(folder, 'none'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
