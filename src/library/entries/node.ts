/** `digitmint` for Node, Deno and Bun; what it exports is described in library.ts. */

import { createMintWith } from '../mint.ts';
import { assets } from '../node.ts';
import type { Mint, MintOptions } from '../types.ts';

export * from '../public.ts';

export function createMint(options?: MintOptions): Promise<Mint> {
  return createMintWith(assets, options);
}
