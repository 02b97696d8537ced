/** The routes, their parameters and formats → build/openapi.js: the OpenAPI document as the Worker is built with it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readPacked } from '../../src/weights/packed.ts';
import type { Artefact } from './build.ts';
import { MODEL } from './model.ts';

export const OPENAPI: Artefact = {
  outputs: ['build/openapi.js'],
  // The document names sizes and classes.
  needs: [MODEL],
  async inputs() {
    return { modules: [import.meta.filename], files: MODEL.outputs };
  },
  async make(folder, root) {
    // Imported only here, since all that it imports takes a while to load.
    const { describeApi } = await import('../../src/routes/openapi-document.ts');
    const { motif } = readPacked(readFileSync(join(root, MODEL.outputs[0])));
    const text = JSON.stringify(JSON.stringify(describeApi(motif)));
    writeFileSync(join(folder, 'openapi.js'), `export default ${text};\n`);
  },
};
