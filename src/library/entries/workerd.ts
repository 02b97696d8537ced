/** `digitmint` for Workers; what it exports is described in library.ts. */

import { createMintWith } from '../mint.ts';
import type { Mint, MintOptions } from '../types.ts';
import { assets } from '../workerd.ts';

export * from '../public.ts';

export function createMint(options?: MintOptions): Promise<Mint> {
  return createMintWith(assets, options);
}
