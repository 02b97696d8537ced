/** bench:edge compares what is comparable. What it measures is not tested. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';

import { startRuntime } from '../../training/bundle/runtime.ts';
import { bundle } from '../../training/bundle/worker.ts';
import { shippedModel } from '../src/golden.ts';
import { COSTLY_REQUESTS } from './edge/costly.ts';

const command = fileURLToPath(new URL('edge.ts', import.meta.url));
const bench = (...parameters: string[]) =>
  spawnSync(process.execPath, [command, ...parameters], { encoding: 'utf8' });

describe('the command', () => {
  test('explains itself', () => {
    const { status, stdout } = bench('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--json');
  });

  test('names an unknown flag in one line', () => {
    const { status, stdout, stderr } = bench('--jsno');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^--jsno: .*\n$/);
  });
});

test('every request that is measured as costly is allowed', async () => {
  const runtime = await startRuntime(await bundle());
  const statuses = await Promise.all(
    COSTLY_REQUESTS.map(async (path) => (await fetch(new URL(path, runtime.url))).status),
  );
  await runtime.stop();
  expect(statuses).toEqual(COSTLY_REQUESTS.map(() => 200));
});

test('the tfjs Worker draws what ours draws', async () => {
  const sampler = shippedModel().sampler;
  const runtime = await startRuntime(await bundle('test/bench/edge/tfjs.toml'));
  const differences: number[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const response = await fetch(new URL(`/digit.png?seed=${seed}`, runtime.url));
    const { data } = decode(new Uint8Array(await response.arrayBuffer()));
    const { pixels } = sampler.digit(`${seed}`, { raw: true });
    differences.push(...pixels.map((grey, i) => Math.abs(grey - data[i])));
  }
  await runtime.stop();
  expect(differences).toHaveLength(7840);
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  expect(mean).toBeLessThan(1);
});
