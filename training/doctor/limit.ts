/**
 * Whether requests are limited, in each environment of a wrangler.toml: environments inherit neither variables nor
 * `ratelimits`. Not here: the limit itself, which is the Worker's.
 */

import { judge, type Line } from './line.ts';

/** What is used of a wrangler.toml, for one environment. */
interface Settings {
  readonly definedEnvironments?: readonly string[];
  readonly vars: Readonly<Partial<Record<'RATE_LIMIT' | 'RATE_LIMIT_PERIOD_S', unknown>>>;
  readonly ratelimits: readonly {
    readonly name: string;
    readonly simple: { readonly limit: number; readonly period: number };
  }[];
}

/** A line for each environment. @throws Error with wrangler's own words if it cannot read the file */
export async function limitLines(config: string): Promise<Line[]> {
  const { unstable_readConfig } = await import('wrangler');
  const read = (env?: string) =>
    unstable_readConfig({ config, env }, { hideWarnings: true }) as unknown as Settings;
  const name = 'limit on requests';
  const top = read();
  const environments = top.definedEnvironments ?? [];
  return [
    lineOf(name, top),
    ...environments.map((environment) => lineOf(`${name}, ${environment}`, read(environment))),
  ];
}

function lineOf(name: string, { vars, ratelimits }: Settings): Line {
  const { RATE_LIMIT: variable, RATE_LIMIT_PERIOD_S: retryAfterS } = vars;
  if (variable === 'off') return { name, found: 'off', verdict: 'ok' };
  const limiter = ratelimits.find((binding) => binding.name === 'RATE_LIMITER');
  if (limiter === undefined) {
    const advice =
      'add [[ratelimits]] to this environment in wrangler.toml, or set RATE_LIMIT to "off"';
    return variable === 'on'
      ? { name, found: 'on, but no RATE_LIMITER', verdict: 'missing', advice }
      : judge(name, 'none', false, advice);
  }
  const { limit, period } = limiter.simple;
  return judge(
    name,
    `${limit.toLocaleString('en')} in ${period} s a client`,
    retryAfterS === period,
    `RATE_LIMIT_PERIOD_S should be ${period}, since that is how long clients are told to wait`,
  );
}
