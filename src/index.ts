/** The Worker's entry: the only file that knows where the kernel and the weights come from. */

import model from '../build/model.safetensors';
import kernel from '../build/sampler.wasm';
import { createApp } from './app.ts';
import { createModel } from './model.ts';

export default createApp(createModel(kernel, new Uint8Array(model)));
