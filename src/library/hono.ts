/** The service as a Hono app, to be mounted under a path of one's own. Not here: the web page. */

import type { Hono } from 'hono';

import { createApp as appOf } from '../app.ts';
import { answerNotFound } from '../routes/not-found.ts';
import { describeApi } from '../routes/openapi-document.ts';
import { type Assets, loadModel } from './assets.ts';
import type { ModelOptions } from './types.ts';

/** Of an app that is mounted under /digits, `/` is /digits, and this is /digits/. */
const ROOT_WITH_SLASH = '/:root{^$}';

/** The app, once kernel and weights are loaded. @throws as loadModel does */
export async function createAppWith(assets: Assets, options: ModelOptions = {}): Promise<Hono> {
  const model = await loadModel(assets, options);
  // Not the one that the Worker is built with: weights of the user's may draw other classes, in other sizes.
  const app = appOf(model, { api: JSON.stringify(describeApi(model.motif)) });
  for (const { method, handler } of app.routes.filter(({ path }) => path === '/')) {
    app.on(method, ROOT_WITH_SLASH, handler);
  }
  // An app that is mounted leaves what it does not know to the one around it, which knows no problem documents.
  app.all('*', answerNotFound);
  return app as unknown as Hono;
}
