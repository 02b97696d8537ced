/**
 * Models and snapshots → public/assets, what the Worker's platform answers below /assets/ without running the Worker:
 * each model under its hash, as the kernel reads it, and the generator's snapshots on the way. public/_headers has
 * their headers.
 */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { readPacked, shownHashOf } from '../../src/weights/packed.ts';
import type { Artefact } from './build.ts';
import { CLASSIFIER, GENERATOR, MODEL, readShipped } from './model.ts';
import { snapshotsOf, SNAPSHOTS } from './snapshots.ts';

/** What wrangler.toml names as the folder of static assets. */
export const ASSETS_FOLDER = 'public';

export const ASSETS: Artefact = {
  outputs: [`${ASSETS_FOLDER}/assets`],
  needs: [MODEL],
  async inputs(root) {
    const snapshots = [SNAPSHOTS, ...filesIn(root, SNAPSHOTS)];
    const files = [...MODEL.outputs, GENERATOR, CLASSIFIER, ...snapshots];
    return { modules: [import.meta.filename], files };
  },
  async make(folder, root) {
    const models = join(folder, 'assets/models');
    mkdirSync(models, { recursive: true });
    const model = join(root, MODEL.outputs[0]);
    const { hash } = readPacked(readFileSync(model));
    copyFileSync(model, join(models, `${shownHashOf(hash)}.safetensors`));

    const snapshots = join(folder, 'assets/snapshots');
    mkdirSync(snapshots);
    const { generator, classifier } = readShipped(root);
    const { index, files } = snapshotsOf(root, generator, classifier);
    writeFileSync(join(snapshots, 'index.json'), JSON.stringify(index));
    for (const [name, bytes] of files) writeFileSync(join(snapshots, name), bytes);
  },
};

/** Paths of the files in a folder, relative to the top folder; none where there is no folder. */
function filesIn(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
}
