/** The app: middleware and routes, read from top to bottom. */

import type { MiddlewareHandler } from 'hono';
import { HonoBase as Hono } from 'hono/hono-base';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { TrieRouter } from 'hono/router/trie-router';

import { answerDocument, commonHeaders } from './http/answer.ts';
import { type AppEnv, checkSettings, settingsOf } from './http/bindings.ts';
import { limitRequests } from './http/limit.ts';
import { preflight, refuseMethod } from './http/methods.ts';
import { prefers, varyByAccept } from './http/negotiation.ts';
import { answerApi } from './http/openapi.ts';
import { askedOriginOf, isPreview } from './http/previews.ts';
import { answerError } from './http/problem.ts';
import type { Page } from './page/serve.ts';
import { favicon, HOME_SCREEN_ICON, homeScreenIcon, robots } from './routes/by-themselves.ts';
import { digit } from './routes/digit.ts';
import { digits } from './routes/digits.ts';
import { inBestFormat, inNamedFormat, withEnding } from './routes/handlers.ts';
import { describeHealth } from './routes/health.ts';
import { aboutModel } from './routes/model.ts';
import type { Models } from './routes/models.ts';
import { answerNotFound } from './routes/not-found.ts';
import { number } from './routes/number.ts';
import { walk } from './routes/walk.ts';
import { type EarlierModels, NO_EARLIER_MODELS } from './weights/earlier.ts';
import type { Model } from './weights/model.ts';

/** What the Worker is built with and serves as it is. */
export interface Site {
  readonly page?: Page;
  /** The OpenAPI document, as http/openapi.ts takes it. */
  readonly api?: string;
  /** Those before the current model, whose permalinks stay good. */
  readonly earlier?: EarlierModels;
}

/** The app that answers with what `model` draws and, where one is named, with what an earlier model draws. */
export function createApp(
  model: Model,
  { page, api, earlier = NO_EARLIER_MODELS }: Site = {},
): Hono<AppEnv> {
  const models: Models = { current: model, earlier };
  // Hono's linear router would take /digit/ for /digit, and compile patterns for each request.
  const app = new Hono<AppEnv>({ router: new TrieRouter() });
  app.onError(answerError);
  app.notFound(answerNotFound);

  app.use(commonHeaders);
  app.use(checkSettings);
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));

  const anyDigit = inBestFormat(models, digit);
  app.get('/', limitRequests, varyByAccept, pageForReaders(model, page), anyDigit);
  app.get('/digit', limitRequests, varyByAccept, anyDigit);
  app.get('/digits', limitRequests, varyByAccept, inBestFormat(models, digits));
  app.get('/walk', limitRequests, varyByAccept, inBestFormat(models, walk));
  app.get(`/${withEnding('digit', digit)}`, limitRequests, inNamedFormat(models, digit));
  app.get(`/${withEnding('digits', digits)}`, limitRequests, inNamedFormat(models, digits));
  app.get(`/${withEnding('walk', walk)}`, limitRequests, inNamedFormat(models, walk));

  const digitOfClass = inNamedFormat(models, digit, 'label');
  app.get(`/${withEnding('[0-9]+', digit)}`, limitRequests, digitOfClass);
  app.get('/:label{[0-9]+}', limitRequests, varyByAccept, inBestFormat(models, digit, 'label'));

  // The first that matches answers: an ending that is no format belongs to the seed.
  const digitOfSeed = inNamedFormat(models, digit, 'seed');
  app.get(`/digit/${withEnding('[^/]*', digit)}`, limitRequests, digitOfSeed);
  app.get('/digit/:seed', limitRequests, varyByAccept, inBestFormat(models, digit, 'seed'));

  const writtenNumber = inNamedFormat(models, number, 'number');
  app.get(`/number/${withEnding('[^/.]+', number)}`, limitRequests, writtenNumber);
  const anyNumber = inBestFormat(models, number, 'number');
  app.get('/number/:number{[^/.]+}', limitRequests, varyByAccept, anyNumber);

  app.get('/model', limitRequests, aboutModel(models));
  app.get('/health', () => answerDocument(describeHealth(model)));
  if (api !== undefined) app.get('/openapi.json', answerApi(api));
  for (const [name, file] of page?.files ?? [])
    app.get(`/page/${name}`, ({ req }) => file(req.raw));

  app.get('/favicon.ico', limitRequests, favicon(model));
  app.get(`/${HOME_SCREEN_ICON}`, limitRequests, homeScreenIcon(model));
  app.get('/robots.txt', robots);

  const paths = app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
  app.on('OPTIONS', [...new Set(paths)], preflight);
  return app;
}

/** The web page for browsers, which ask for HTML, and for those who show a preview of it, who often do not. */
function pageForReaders(model: Model, page: Page | undefined): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (page && isPreview(c)) {
      return page.preview(model.shownHash, settingsOf(c.env).origin || askedOriginOf(c));
    }
    if (!page || !prefers(c, 'text/html', 'image/png')) return next();
    return page.document(c.req.raw, model.shownHash, settingsOf(c.env).origin);
  };
}
