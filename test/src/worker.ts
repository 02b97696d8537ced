/** The production bundle in the real Workers runtime, for tests over HTTP. */

import { readFileSync } from 'node:fs';

import { Miniflare } from 'miniflare';

import { type Bundle, bundle } from '../../training/bundle/worker.ts';

export interface WorkerUnderTest {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Takes the place of the bundled build/model.safetensors. */
  readonly model?: Uint8Array;
  /** Takes the place of this project's own bundle. */
  readonly upload?: Pick<Bundle, 'folder' | 'modules' | 'assets'>;
  /** Hides what the Worker logs, where a test makes it fail on purpose. */
  readonly quiet?: boolean;
  /** Take the place of those of wrangler.toml. */
  readonly variables?: Readonly<Record<string, number | string>>;
  /** How often a client may ask in a minute; without it, as often as it likes. */
  readonly limit?: number;
}

/** Starts the Worker with wrangler.toml's bindings, on a free local port. */
export async function startWorker({
  model,
  upload,
  variables = {},
  quiet = false,
  limit,
}: WorkerOptions = {}): Promise<WorkerUnderTest> {
  const code = { ...(await bundle()), ...upload };
  const RATE_LIMIT = limit === undefined ? 'off' : 'on';
  const env = Object.entries({ ...code.variables, RATE_LIMIT, ...variables }).map(
    ([name, value]) => [name, { type: 'json', value }] as const,
  );
  const miniflare = new Miniflare({
    cf: false,
    ...(quiet && { handleStructuredLogs: () => {} }),
    workers: [
      {
        config: {
          name: 'digitmint',
          compatibilityDate: code.compatibilityDate,
          compatibilityFlags: [...code.compatibilityFlags],
          env: {
            ...Object.fromEntries(env),
            ...(limit !== undefined && { RATE_LIMITER: limiterOf(limit) }),
            ASSETS: { type: 'assets' },
          },
          assets: { directory: code.assets ?? '', htmlHandling: 'none', hasUserWorker: true },
          manifest: {
            mainModule: code.modules[0],
            modulesRoot: code.folder,
            modules: modulesOf(code, model),
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

function modulesOf({ folder, modules }: Bundle, model?: Uint8Array) {
  const module = (name: string) => {
    const contents = new Uint8Array(readFileSync(folder + name));
    if (name.endsWith('.js')) return { type: 'esm', contents } as const;
    if (name.endsWith('.wasm')) return { type: 'wasm', contents } as const;
    return { type: 'data', contents: new Uint8Array(model ?? contents) } as const;
  };
  return Object.fromEntries(modules.map((name) => [name, module(name)] as const));
}
