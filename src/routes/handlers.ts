/** From a request for a resource to its answer: options → permalink → cache → content → encoding. */

import type { Context, Handler } from 'hono';

import { answer } from '../http/answer.ts';
import { type AppEnv, settingsOf } from '../http/bindings.ts';
import { cacheControlOf, matchesEntityTag } from '../http/caching.ts';
import { formatOptionsOf } from '../http/format-options.ts';
import { mountPathOf } from '../http/mount.ts';
import { negotiate } from '../http/negotiation.ts';
import type { Options } from '../http/parameters.ts';
import { permalink } from '../http/permalink.ts';
import type { Settled } from '../http/query.ts';
import { freshSeed } from '../sampler/seed.ts';
import type { Model } from '../weights/model.ts';
import { modelOf, type Models } from './models.ts';
import { optionsOf } from './options.ts';
import {
  type Representation,
  representationsOf,
  type Resource,
  type SeedName,
} from './resource.ts';

/** What the last segment of a path gives, but for its ending. */
type InPath = 'label' | 'number' | 'seed';

/**
 * For paths without an ending: the format that `Accept` prefers.
 * @param inPath the parameter that is the last segment of the path, if one is
 */
export function inBestFormat<Content>(
  models: Models,
  resource: Resource<Content>,
  inPath?: InPath,
): Handler<AppEnv> {
  const representations = representationsOf(resource);
  return (c) => {
    const settled = inPath ? { [inPath]: lastSegmentOf(c.req.url) } : {};
    return answerWith(c, models, negotiate(c, representations), settled);
  };
}

/** For paths with an ending: the format that it names. */
export function inNamedFormat<Content>(
  models: Models,
  resource: Resource<Content>,
  inPath?: InPath,
): Handler<AppEnv> {
  const representations = representationsOf(resource);
  return (c) => {
    const segment = lastSegmentOf(c.req.url);
    const dot = segment.lastIndexOf('.');
    const ending = segment.slice(dot + 1);
    const representation = representations.find(({ format }) => format.name === ending);
    const settled = inPath ? { [inPath]: segment.slice(0, dot) } : {};
    return representation ? answerWith(c, models, representation, settled) : c.notFound();
  };
}

/**
 * The last segment of a path as a parameter: any of a resource's endings behind a name, since Hono's parameters are
 * whole segments.
 * @param name a regular expression
 */
export function withEnding<Content>(name: string, { formats }: Resource<Content>): string {
  return `:file{${name}\\.(?:${formats.map((format) => format.name).join('|')})}`;
}

/** Still percent-encoded, as in a query, where + would be a space. Hono's own is decoded, and repaired. */
function lastSegmentOf(url: string): string {
  const [path] = url.split(/[?#]/, 1);
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('+', '%2B');
}

/** At once, but for an earlier model that has yet to be read. */
function answerWith<Content>(
  c: Context<AppEnv>,
  models: Models,
  representation: Representation<Content>,
  settled: Settled,
): Response | Promise<Response> {
  const model = modelOf(c, models);
  if (!(model instanceof Promise)) return send(c, model, representation, settled);
  return model.then((read) => send(c, read, representation, settled));
}

function send<Content>(
  c: Context<AppEnv>,
  model: Model,
  representation: Representation<Content>,
  settled: Settled,
): Response {
  const { resource, format, inQuery } = representation;
  const settings = settingsOf(c.env);
  const asked = optionsOf(c.req.url, representation, settled, model, settings);
  const isFresh = (name: SeedName) => asked[name] === undefined && asked.latent === undefined;
  const missing = resource.seeds.filter(isFresh);
  const options = withFreshSeeds(asked, missing);

  const mountPath = mountPathOf(c);
  const path = `${mountPath}${resource.path(options)}.${format.name}`;
  const location = permalink(path, { ...options, model: model.shownHash }, inQuery);
  const origin = format.options.includes('origin') ? settings.origin : '';
  const headers = {
    // Origin and permalink determine every byte, and fit into a tag as they are.
    ETag: `"${origin}${location}"`,
    'Cache-Control': cacheControlOf(missing.length > 0, asked.model !== undefined),
    'Content-Location': location,
  };
  if (missing.length === 0 && matchesEntityTag(c.req.header('If-None-Match'), headers.ETag)) {
    return c.body(null, 304, headers);
  }

  const content = resource.create(options, model);
  return answer(200, format.encode(content, formatOptionsOf(options, origin + mountPath)), {
    ...headers,
    'Content-Type': format.contentType ?? format.mediaType,
    ...resource.headersOf(content, options),
    'X-Digit-Model': model.shownHash,
  });
}

type Seeds = Readonly<Record<SeedName, string>>;

function withFreshSeeds(options: Options, missing: readonly SeedName[]): Options & Seeds {
  const seeds = missing.map((name) => [name, freshSeed()]);
  return { ...options, ...Object.fromEntries(seeds) } as Options & Seeds;
}
