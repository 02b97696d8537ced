/** What the doctor says of the limit on requests: wrangler.toml files, read as wrangler reads them. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { limitLines } from '../../../training/doctor/limit.ts';
import { temporaryFolder } from '../helpers.ts';

const SHIPPED = readFileSync(new URL('../../../wrangler.toml', import.meta.url), 'utf8');
/** The environment that wrangler.toml has commented out, as an operator would make it one. */
const [, STAGING] = SHIPPED.split(/^(?=# \[env\.staging\]$)/m);
const WITH_STAGING = SHIPPED.replace(STAGING, STAGING.replaceAll(/^# /gm, ''));

function linesOf(config: string) {
  const file = join(temporaryFolder(), 'wrangler.toml');
  writeFileSync(file, config);
  return limitLines(file);
}

const ok = (name: string) => ({ name, found: '1,000 in 60 s a client', verdict: 'ok' });

describe('the limit on requests', () => {
  test('is on as it ships, and in the environment that is commented out', async () => {
    expect(await linesOf(SHIPPED)).toEqual([ok('limit on requests')]);
    expect(await linesOf(WITH_STAGING)).toEqual([
      ok('limit on requests'),
      ok('limit on requests, staging'),
    ]);
  });

  test('is missing where an environment has it on, but inherits no binding', async () => {
    const config = WITH_STAGING.replace(/\[\[env\.staging\.ratelimits\]\][^]*/, '');
    expect((await linesOf(config))[1]).toEqual({
      name: 'limit on requests, staging',
      found: 'on, but no RATE_LIMITER',
      verdict: 'missing',
      advice: 'add [[ratelimits]] to this environment in wrangler.toml, or set RATE_LIMIT to "off"',
    });
  });

  test('is none where an environment sets nothing at all', async () => {
    const [, bare] = await linesOf(`${SHIPPED}\n[env.bare]\n`);
    expect(bare).toMatchObject({ found: 'none', verdict: 'note' });
  });

  test('may be off on purpose', async () => {
    const [line] = await linesOf(SHIPPED.replace('RATE_LIMIT = "on"', 'RATE_LIMIT = "off"'));
    expect(line).toMatchObject({ found: 'off', verdict: 'ok' });
  });

  test('tells clients to wait as long as it counts', async () => {
    const [line] = await linesOf(SHIPPED.replace('period = 60', 'period = 10'));
    expect(line).toMatchObject({
      found: '1,000 in 10 s a client',
      verdict: 'note',
      advice: expect.stringContaining('RATE_LIMIT_PERIOD_S should be 10') as string,
    });
  });
});
