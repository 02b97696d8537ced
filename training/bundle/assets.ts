/**
 * Models and snapshots → public/assets, what the Worker's platform answers below /assets/ without running the Worker:
 * each model under its hash, as the kernel reads it, and the generator's snapshots on the way. public/_headers has
 * their headers. And build/earlier.js, by which the Worker knows the models before the current one.
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

import type { ListedModel } from '../../src/weights/earlier.ts';
import { readPacked, shownHashOf } from '../../src/weights/packed.ts';
import type { Artefact } from './build.ts';
import { EARLIER, earlierFiles } from './earlier.ts';
import { CLASSIFIER, GENERATOR, MODEL, readShipped } from './model.ts';
import { snapshotsOf, SNAPSHOTS } from './snapshots.ts';

/** What wrangler.toml names as the folder of static assets. */
export const ASSETS_FOLDER = 'public';

/** Where the files of all models are once they are built, relative to the project's top folder. */
export const MODELS_FOLDER = `${ASSETS_FOLDER}/assets/models`;

/** Where browsers find the file of a model. @param hash 64 hex digits */
export function modelAddress(hash: string): string {
  return `${MODELS_FOLDER.slice(ASSETS_FOLDER.length)}/${shownHashOf(hash)}.safetensors`;
}

export const ASSETS: Artefact = {
  outputs: [`${ASSETS_FOLDER}/assets`, 'build/earlier.js'],
  needs: [MODEL],
  async inputs(root) {
    const folders = [EARLIER, SNAPSHOTS];
    const inFolders = folders.flatMap((folder) => [folder, ...filesIn(root, folder)]);
    const files = [...MODEL.outputs, GENERATOR, CLASSIFIER, ...inFolders];
    return { modules: [import.meta.filename], files };
  },
  async make(folder, root) {
    const models = join(folder, 'assets/models');
    mkdirSync(models, { recursive: true });
    const model = join(root, MODEL.outputs[0]);
    const { hash } = readPacked(readFileSync(model));
    const fileOf = (each: string) => join(models, `${shownHashOf(each)}.safetensors`);
    copyFileSync(model, fileOf(hash));
    const earlier = earlierFiles(root).filter((each) => each.hash !== hash);
    for (const each of earlier) copyFileSync(join(root, each.path), fileOf(each.hash));
    const listed = earlier.map(({ hash: of, sha256 }): ListedModel => ({ hash: of, sha256 }));
    writeFileSync(join(folder, 'earlier.js'), `export default ${JSON.stringify(listed)};\n`);

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
