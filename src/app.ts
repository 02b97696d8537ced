/** The routes: from a request to an answer. */

import type { Context } from 'hono';
import { HonoBase as Hono } from 'hono/hono-base';

import { CLASSES, DIGIT_SIDE } from './digit.ts';
import type { Format } from './encoders/formats.ts';
import { FixedRouter } from './http/fixed-router.ts';
import { describeApi } from './http/openapi.ts';
import {
  DEFAULTS,
  ParameterErrors,
  readOptions,
  type Options,
  type ParameterName,
} from './http/parameters.ts';
import {
  answer,
  jsonDocument,
  emptyAnswer,
  matchesEntityTag,
  methodNotAllowed,
  negotiate,
  preflight,
  prefers,
  Problem,
} from './http/respond.ts';
import type { Page } from './page/serve.ts';
import { describeModel } from './routes/model.ts';
import { digit, digits, permalinkOf, walk, type Resource } from './routes/resources.ts';
import { freshSeed } from './sampler/seed.ts';
import { type Model } from './weights/model.ts';

/** The bindings of wrangler.toml; without a limiter, nobody is limited. */
export type Bindings = Omit<Env, 'RATE_LIMITER'> & Partial<Pick<Env, 'RATE_LIMITER'>>;

type RequestContext = Context<{ Bindings: Bindings }>;
type Handler = (context: RequestContext) => Response;
type LimitedHandler = (context: RequestContext) => Response | Promise<Response>;
/** Parameters that a path says. */
type Settled = Readonly<Partial<Record<ParameterName, string>>>;

/** An unlabelled generator must look for a class: so many digits of one are as many as a request may ask for. */
const MAX_SEARCHED = 10;

/** The app that answers with digits of `model`, and browsers with `page` if there is one. */
export function createApp(model: Model, page?: Page): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>({ router: new FixedRouter() });
  const route = (path: string, handler: LimitedHandler) => app.all(path, answering(handler));

  const resourceRoutes = <Content>(
    path: string,
    resource: Resource<Content>,
    settled: Settled = {},
  ) => {
    const forms = formsOf(model, resource, settled);
    const anyForm = negotiated(forms);
    route(path, limited(varying(anyForm)));
    for (const { name, handler } of forms) route(`${path}.${name}`, limited(handler));
    return anyForm;
  };

  const anyDigit = resourceRoutes(digit.path, digit);
  route('/', limited(varying(page ? pageOr(page, model, anyDigit) : anyDigit)));
  resourceRoutes(digits.path, digits);
  resourceRoutes(walk.path, walk);
  for (let label = 0; label < CLASSES; label++) {
    resourceRoutes(`/${label}`, digit, { label: `${label}` });
  }
  route('/model', () => jsonDocument(describeModel(model)));
  route('/openapi.json', ({ req, env }) => {
    const { maxCount } = boundsOf(env);
    return jsonDocument(describeApi({ origin: new URL(req.url).origin, maxCount }));
  });
  route('/health', () => health(model));
  for (const [name, file] of page?.files ?? []) route(`/page/${name}`, ({ req }) => file(req.raw));

  app.notFound(notFound);
  app.onError(respondToError);
  return app;
}

function notFound({ req }: RequestContext): Response {
  return new Problem(404, `There is no ${req.path} here.`).response();
}

/** What a route answers by its handler is GET, and with it HEAD; OPTIONS is a preflight. */
function answering(handler: LimitedHandler): LimitedHandler {
  return (context) => {
    const { method } = context.req;
    if (method === 'OPTIONS') return preflight();
    if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed(method).response();
    return handler(context);
  };
}

/** For routes that cost CPU time: so many requests a client, unless that is off. */
function limited(handler: Handler): LimitedHandler {
  return (context) => {
    const { RATE_LIMIT, RATE_LIMIT_PERIOD_S, RATE_LIMITER } = context.env;
    if (RATE_LIMIT === 'off' || RATE_LIMITER === undefined) return handler(context);
    const key = context.req.header('CF-Connecting-IP') ?? 'no address';
    return RATE_LIMITER.limit({ key }).then(({ success }) => {
      if (success) return handler(context);
      const detail = `Too many requests; try again in ${RATE_LIMIT_PERIOD_S} seconds.`;
      throw new Problem(429, detail, {}, { 'Retry-After': `${RATE_LIMIT_PERIOD_S}` });
    });
  };
}

/** For routes whose format `Accept` decides, whatever comes of it. */
function varying(handler: Handler): Handler {
  return (context) => {
    let response: Response;
    try {
      response = handler(context);
    } catch (error) {
      response = respondToError(error);
    }
    response.headers.set('Vary', 'Accept');
    return response;
  };
}

/** A resource in one of its formats. */
interface Form {
  /** The ending of its paths. */
  readonly name: string;
  readonly mediaType: string;
  readonly handler: Handler;
}

function formsOf<Content>(
  model: Model,
  resource: Resource<Content>,
  settled: Settled,
): readonly Form[] {
  return resource.formats.map((format) => {
    const { name, mediaType } = format;
    return { name, mediaType, handler: serving(model, resource, format, settled) };
  });
}

/** The form that `Accept` likes best. */
function negotiated(forms: readonly Form[]): Handler {
  return (context) => {
    const form = negotiate(context.req.header('Accept'), forms);
    if (form) return form.handler(context);
    const available = forms.map(({ mediaType }) => mediaType);
    throw new Problem(406, `Accept allows none of ${available.join(', ')}.`, { available });
  };
}

/** The web page for browsers, which ask for HTML. */
function pageOr(page: Page, model: Model, handler: Handler): Handler {
  return (context) =>
    prefers(context.req.header('Accept'), 'text/html', 'image/png')
      ? page.document(context.req.raw, model.shownHash)
      : handler(context);
}

/** A resource in a format: of given seeds, or of fresh ones. */
function serving<Content>(
  model: Model,
  resource: Resource<Content>,
  format: Format<Content>,
  settled: Settled,
): Handler {
  const { seeds, parameters } = resource;
  const names: readonly ParameterName[] = [...seeds, 'model', ...parameters, ...format.parameters];
  return (context) => {
    const [url] = context.req.url.split('#', 1);
    const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
    const { maxCount, maxPixels } = boundsOf(context.env);
    const given = readOptions(query, names, settled, maxCount);
    const asked = parameters.includes('count') ? withCount(given, maxCount) : given;
    checkPictureSize(asked, resource, format, maxPixels);
    checkLabel(asked, resource, model);
    checkModel(asked, model);

    const isFresh = seeds.some((name) => asked[name] === undefined);
    const options = isFresh ? { ...freshSeeds(seeds), ...asked } : asked;
    const permalink = permalinkOf(resource, format, options, model.shownHash);
    // With the origin, the permalink decides every byte, and it has no character that a tag may not have.
    const entityTag = `"${permalink}"`;
    const headers = {
      ETag: entityTag,
      'Cache-Control': cacheControlOf(isFresh, asked),
      'Content-Location': permalink,
    };
    if (!isFresh && matchesEntityTag(context.req.header('If-None-Match'), entityTag)) {
      return emptyAnswer(304, headers);
    }
    const content = resource.create(model, options);
    const source = { model: model.shownHash, origin: () => new URL(url).origin };
    const body = format.encode(content, options, source);
    return answer(200, body, {
      ...headers,
      'Content-Type': format.contentType ?? format.mediaType,
      ...resource.headersOf(content, options),
      'X-Digit-Model': model.shownHash,
    });
  };
}

/** The operator's bounds, which may lack in an environment of its own. */
function boundsOf({ MAX_COUNT, MAX_PICTURE_PIXELS }: Partial<Bindings>) {
  return { maxCount: MAX_COUNT ?? DEFAULTS.count, maxPixels: MAX_PICTURE_PIXELS ?? 2 ** 20 };
}

/** A series without a count has as many digits as the operator allows, if that is fewer than usual. */
function withCount(options: Options, maxCount: number): Options {
  if (options.count !== undefined || maxCount >= DEFAULTS.count) return options;
  return { ...options, count: maxCount };
}

/** `GET /health`: that weights and kernel are sound, and which model they are. */
function health(model: Model): Response {
  model.sampler.digit('health', { raw: true });
  return jsonDocument({ status: 'ok', model: model.shownHash });
}

function freshSeeds(seeds: Resource<unknown>['seeds']): Options {
  return Object.fromEntries(seeds.map((name) => [name, freshSeed()]));
}

function checkPictureSize<Content>(
  options: Options,
  resource: Resource<Content>,
  format: Format<Content>,
  maxPixels: number,
): void {
  const { scale = DEFAULTS.scale } = options;
  const pixels = resource.cells(options) * (DIGIT_SIDE * scale) ** 2;
  if (format.parameters.includes('scale') && pixels > maxPixels) {
    const expected = `a picture of at most ${maxPixels} pixels over all frames, this has ${pixels}`;
    throw wrong('scale', `${scale}`, expected);
  }
}

function checkLabel<Content>(options: Options, resource: Resource<Content>, model: Model): void {
  const { label, raw } = options;
  if (label === undefined || model.isConditional) return;
  const found = `${label}`;
  if (raw === 1) throw wrong('label', found, 'no raw=1, as the generator here is not told a class');
  if (resource.drawn(options) > MAX_SEARCHED) {
    const expected = `a count of at most ${MAX_SEARCHED}, as the generator here is not told a class`;
    throw wrong('label', found, expected);
  }
}

function wrong(parameter: ParameterName, found: string, expected: string): ParameterErrors {
  return new ParameterErrors([{ parameter, found, expected }]);
}

function checkModel({ model: asked }: Options, { hash, shownHash }: Model): void {
  if (asked === undefined || hash.startsWith(asked)) return;
  const detail = `Model ${asked} is not here; the current one is ${shownHash}.`;
  throw new Problem(404, detail, { model: shownHash });
}

function cacheControlOf(isFresh: boolean, { model }: Options): string {
  if (isFresh) return 'no-store';
  return model === undefined ? 'public, max-age=3600' : 'public, max-age=31536000, immutable';
}

function respondToError(error: unknown): Response {
  if (error instanceof Problem) return error.response();
  if (error instanceof ParameterErrors) {
    return new Problem(400, `${error.message}.`, { errors: error.errors }).response();
  }
  console.error(error);
  return new Problem(500, 'The server failed to make this answer.').response();
}
