/** The production bundle in the real Workers runtime, for tests over HTTP. */

import { readdirSync, readFileSync } from 'node:fs';

import { Miniflare } from 'miniflare';
import { unstable_readConfig } from 'wrangler';

import { bundleFolder, wranglerConfig } from './bundle.ts';

export interface WorkerUnderTest {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/**
 * Starts the bundle that bundle.ts has built, with wrangler.toml's bindings, on a free local port.
 * @param model takes the place of the bundled build/model.safetensors
 * @param quiet hides what the Worker logs, where a test makes it fail on purpose
 * @param variables take the place of those of wrangler.toml
 * @param limit how often a client may ask in a minute; without it, as often as it likes
 */
export async function startWorker({
  model,
  variables = {},
  quiet = false,
  limit,
}: {
  model?: Uint8Array;
  variables?: Readonly<Record<string, number | string>>;
  quiet?: boolean;
  limit?: number;
} = {}): Promise<WorkerUnderTest> {
  const config = unstable_readConfig({ config: wranglerConfig });
  const isLimited = limit === undefined ? 'off' : 'on';
  const env = Object.entries({ ...config.vars, RATE_LIMIT: isLimited, ...variables }).map(
    ([name, value]) => [name, { type: 'json', value }] as const,
  );
  const miniflare = new Miniflare({
    cf: false,
    ...(quiet && { handleStructuredLogs: () => {} }),
    workers: [
      {
        config: {
          name: 'digitmint',
          compatibilityDate: config.compatibility_date ?? '',
          compatibilityFlags: config.compatibility_flags,
          env: {
            ...Object.fromEntries(env),
            ...(limit !== undefined && { RATE_LIMITER: limiterOf(limit) }),
          },
          manifest: {
            mainModule: 'index.js',
            modulesRoot: bundleFolder,
            modules: modules(model),
          },
        },
      },
    ],
  });
  const url = await miniflare.ready;
  return {
    fetch: (path, init) => fetch(new URL(path, url), { redirect: 'manual', ...init }),
    stop: () => miniflare.dispose(),
  };
}

function limiterOf(limit: number) {
  return { type: 'rate-limit', namespace: 'test', simple: { limit, period: 60 } } as const;
}

function modules(model?: Uint8Array) {
  return Object.fromEntries(
    readdirSync(bundleFolder)
      .filter((name) => /\.(js|wasm|safetensors)$/.test(name))
      .map((name) => {
        const contents = new Uint8Array(readFileSync(bundleFolder + name));
        if (name.endsWith('.js')) return [name, { type: 'esm' as const, contents }];
        if (name.endsWith('.wasm')) return [name, { type: 'wasm' as const, contents }];
        return [name, { type: 'data' as const, contents: new Uint8Array(model ?? contents) }];
      }),
  );
}
