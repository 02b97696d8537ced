/** The routes: from a request to an answer. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { Hono, type Context, type MiddlewareHandler } from 'hono';

import { formats, type Format } from './formats.ts';
import { DIGIT_SIDE, type Model } from './model.ts';
import { ParameterErrors, readOptions, type Options } from './options.ts';
import {
  answer,
  COMMON_HEADERS,
  matchesEntityTag,
  methodNotAllowed,
  negotiate,
  preflight,
  Problem,
} from './respond.ts';
import { freshSeed } from './sampler/seed.ts';

/** The variables of wrangler.toml. */
export interface Variables {
  readonly MAX_PICTURE_PIXELS: number;
}

type Handler = (context: RequestContext) => Promise<Response>;
type RequestContext = Context<{ Bindings: Variables }>;

const MODEL_DIGITS_SHOWN = 16;

/** The app that answers with digits of `model`. */
export function createApp(model: Model): Hono<{ Bindings: Variables }> {
  const app = new Hono<{ Bindings: Variables }>();

  app.use(adding(COMMON_HEADERS));
  const route = (path: string, handler: Handler) => {
    app.get(path, handler);
    app.options(path, preflight);
    app.all(path, (context) => methodNotAllowed(context.req.method).response());
  };

  for (const path of ['/', '/digit']) {
    app.use(path, adding({ Vary: 'Accept' }));
    route(path, (context) => digit(context, model, acceptedFormat(context)));
  }
  for (const format of formats) {
    route(`/digit.${format.name}`, (context) => digit(context, model, format));
  }
  route('/health', () => health(model));

  app.notFound((context) => new Problem(404, `There is no ${context.req.path} here.`).response());
  app.onError(respondToError);
  return app;
}

/** A middleware that adds these headers to every answer that comes after it. */
function adding(headers: Readonly<Record<string, string>>): MiddlewareHandler {
  return async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  };
}

/** `GET /digit` in a format: a given seed's digit, or a fresh one. */
async function digit(context: RequestContext, model: Model, format: Format): Promise<Response> {
  const { search, origin } = new URL(context.req.url);
  const options = readOptions(search, ['seed', 'model', ...format.parameters]);
  checkPictureSize(options, context.env.MAX_PICTURE_PIXELS);
  const hash = await model.hash();
  checkModel(options, hash);

  const seed = options.seed ?? freshSeed();
  const shownHash = hash.slice(0, MODEL_DIGITS_SHOWN);
  const permalink = permalinkOf(format, seed, shownHash, options);
  const entityTag = entityTagOf(permalink);
  const headers = {
    ETag: entityTag,
    'Cache-Control': cacheControlOf(options),
    'Content-Location': permalink,
  };
  const isFresh = options.seed === undefined;
  if (!isFresh && matchesEntityTag(context.req.header('If-None-Match'), entityTag)) {
    return new Response(null, { status: 304, headers });
  }
  const image = { width: DIGIT_SIDE, height: DIGIT_SIDE, pixels: model.sampler().digit(seed) };
  const url = origin + permalink;
  const body = format.encode({ seed, model: shownHash, image, url }, options);
  return answer(200, body, {
    ...headers,
    'Content-Type': format.mediaType,
    'X-Digit-Seed': encodeURIComponent(seed),
    'X-Digit-Model': shownHash,
  });
}

/** `GET /health`: that weights and kernel are sound, and which model they are. */
async function health(model: Model): Promise<Response> {
  model.sampler();
  const hash = await model.hash();
  const document = { status: 'ok', model: hash.slice(0, MODEL_DIGITS_SHOWN) };
  return answer(200, JSON.stringify(document), {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
}

function acceptedFormat(context: RequestContext): Format {
  const format = negotiate(context.req.header('Accept'), formats);
  if (format) return format;
  const available = formats.map(({ mediaType }) => mediaType);
  throw new Problem(406, `Accept allows none of ${available.join(', ')}.`, { available });
}

function checkPictureSize({ scale = 1 }: Options, maxPixels: number): void {
  const pixels = (DIGIT_SIDE * scale) ** 2;
  if (!(pixels <= maxPixels)) {
    const expected = `a picture of at most ${maxPixels} pixels`;
    throw new ParameterErrors([{ parameter: 'scale', found: `${scale}`, expected }]);
  }
}

function checkModel({ model: asked }: Options, hash: string): void {
  if (asked === undefined || hash.startsWith(asked)) return;
  const model = hash.slice(0, MODEL_DIGITS_SHOWN);
  throw new Problem(404, `Model ${asked} is not here; the current one is ${model}.`, { model });
}

/** The path and query that will give this very digit for as long as its model is there. */
function permalinkOf(format: Format, seed: string, model: string, options: Options): string {
  const shaping = format.parameters
    .filter((name) => options[name] !== undefined)
    .map((name) => `&${name}=${encodeURIComponent(`${options[name]}`)}`);
  return `/digit.${format.name}?seed=${encodeURIComponent(seed)}&model=${model}${shaping.join('')}`;
}

/** With the origin, the permalink decides every byte: its hash is a strong entity tag of a URL, and needs no picture. */
function entityTagOf(permalink: string): string {
  return `"${bytesToHex(sha256(utf8ToBytes(permalink)).subarray(0, 12))}"`;
}

function cacheControlOf({ seed, model }: Options): string {
  if (seed === undefined) return 'no-store';
  return model === undefined ? 'public, max-age=3600' : 'public, max-age=31536000, immutable';
}

function respondToError(error: Error): Response {
  if (error instanceof Problem) return error.response();
  if (error instanceof ParameterErrors) {
    return new Problem(400, `${error.message}.`, { errors: error.errors }).response();
  }
  console.error(error);
  return new Problem(500, 'The server failed to make this answer.').response();
}
