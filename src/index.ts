/** The Worker's entry: the only file that imports kernel, weights and page as files. */

import earlier from '../build/earlier.js';
import model from '../build/model.safetensors';
import api from '../build/openapi.js';
import page from '../build/page.js';
import kernel from '../build/sampler.wasm';
import { createApp } from './app.ts';
import { createPage } from './page/serve.ts';
import { createEarlierModels } from './weights/earlier.ts';
import { createModel } from './weights/model.ts';

const file = new Uint8Array(model);

export default createApp(createModel(kernel, file), {
  page: createPage(page, file),
  api,
  earlier: createEarlierModels(kernel, earlier),
});
