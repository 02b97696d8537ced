/** What `import … from 'digitmint/hono'` gives: in browsers, and by its types everywhere. */

import type { Hono } from 'hono';

import { assets } from '../fetched.ts';
import { createAppWith } from '../hono.ts';
import type { ModelOptions } from '../types.ts';

export type { ModelOptions, Source } from '../types.ts';

/**
 * The service as a Hono app, once kernel and weights are loaded: all of its routes but for the web page. Permalinks and
 * the OpenAPI document follow the path that it is mounted under:
 *
 *     app.route('/digits', await createApp());
 *
 * Variables `ORIGIN`, `MAX_COUNT` and `MAX_PICTURE_PIXELS` of the environment and a binding `RATE_LIMITER` hold as in the
 * service.
 *
 * @throws Error that says what cannot be loaded, or what is wrong with weights of your own
 */
export function createApp(options?: ModelOptions): Promise<Hono> {
  return createAppWith(assets, options);
}
