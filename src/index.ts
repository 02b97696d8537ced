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

export default createApp(createModel(kernel, new Uint8Array(model)), {
  page: createPage(page),
  api,
  earlier: createEarlierModels(kernel, earlier),
});
