/** The Worker's entry: the only file that knows where the kernel and the weights come from. */

import model from '../build/model.safetensors';
import page from '../build/page.js';
import kernel from '../build/sampler.wasm';
import { createApp } from './app.ts';
import { createPage } from './page/serve.ts';
import { createModel } from './weights/model.ts';

const file = new Uint8Array(model);

export default createApp(createModel(kernel, file), createPage(page, file));
