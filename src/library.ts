/** What `import … from 'digitmint'` gives: in browsers, and by its types everywhere. */

import { assets } from './library/fetched.ts';
import { createMintWith } from './library/mint.ts';
import type { Mint, MintOptions } from './library/types.ts';

export * from './library/public.ts';

/**
 * A mint, once kernel and weights, 1.6 MB, are loaded:
 *
 *     const mint = await createMint();
 *     const { pixels, label } = mint.digit('anything', { label: 7 });
 *
 * @throws Error that says what cannot be loaded, or what is wrong with weights of your own
 */
export function createMint(options?: MintOptions): Promise<Mint> {
  return createMintWith(assets, options);
}
