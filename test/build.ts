/** What vitest calls before the first test: builds all that the tests read, as far as it has changed. */

import { build } from '../training/bundle/build.ts';
import { TRAINING_KERNELS } from '../training/bundle/kernels.ts';
import { PACKAGE } from '../training/bundle/package.ts';
import { bundle } from '../training/bundle/worker.ts';

export default async function setup(): Promise<void> {
  await build([TRAINING_KERNELS, PACKAGE]);
  await bundle();
}
