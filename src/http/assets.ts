/** The Worker's static assets: https://developers.cloudflare.com/workers/static-assets/binding/ */

import type { Bindings } from './bindings.ts';
import { modelPath } from './model-path.ts';

/**
 * What gives the file of a model, by 16 hex digits.
 * @param bindings those of one request, which alone may use them
 */
export function assetReader({ ASSETS }: Bindings = {}): (name: string) => Promise<Uint8Array> {
  return async (name) => {
    if (!ASSETS) throw new TypeError('there is no binding ASSETS');
    // The platform looks at the path alone.
    const response = await ASSETS.fetch(`https://assets${modelPath(name)}`);
    if (!response.ok) throw new TypeError(`${modelPath(name)}: found status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}
