/**
 * Keeps what V8 makes of tfjs's and our source text from one process to the next, which saves a command that loads tfjs
 * a quarter of its time to the first step (660 instead of 890 ms). For `node --import`, before anything else is loaded.
 * Where the folder cannot be written, Node goes on without; NODE_DISABLE_COMPILE_CACHE=1 does so anywhere.
 */

import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));
