/** The routes, their parameters and formats → build/openapi.js: the OpenAPI document as the Worker is built with it. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Artefact } from './build.ts';

export const OPENAPI: Artefact = {
  outputs: ['build/openapi.js'],
  needs: [],
  async inputs() {
    return { modules: [import.meta.filename], files: [] };
  },
  async make(folder) {
    // Imported only here, since all that it imports takes a while to load.
    const { describeApi } = await import('../../src/routes/openapi-document.ts');
    const text = JSON.stringify(JSON.stringify(describeApi()));
    writeFileSync(join(folder, 'openapi.js'), `export default ${text};\n`);
  },
};
