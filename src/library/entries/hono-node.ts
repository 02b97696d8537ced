/** `digitmint/hono` for Node, Deno and Bun; what it exports is described in hono.ts. */

import type { Hono } from 'hono';

import { createAppWith } from '../hono.ts';
import { assets } from '../node.ts';
import type { ModelOptions } from '../types.ts';

export type { ModelOptions, Source } from '../types.ts';

export function createApp(options?: ModelOptions): Promise<Hono> {
  return createAppWith(assets, options);
}
