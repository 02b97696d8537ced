/** `digitmint` for modules that bring kernel and weights along; what it exports is described in library.ts. */

import { assets } from '../inlined.ts';
import { createMintWith } from '../mint.ts';
import type { Mint, MintOptions } from '../types.ts';

export * from '../public.ts';

export function createMint(options?: MintOptions): Promise<Mint> {
  return createMintWith(assets, options);
}
