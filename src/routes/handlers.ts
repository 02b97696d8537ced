/** From a request for a resource to its answer: options → permalink → cache → content → encoding. */

import type { Context, Handler } from 'hono';

import { answer } from '../http/answer.ts';
import { type AppEnv, settingsOf } from '../http/bindings.ts';
import { cacheControlOf, matchesEntityTag } from '../http/caching.ts';
import { formatOptionsOf } from '../http/format-options.ts';
import { negotiate } from '../http/negotiation.ts';
import type { Options } from '../http/parameters.ts';
import { permalink } from '../http/permalink.ts';
import { freshSeed } from '../sampler/seed.ts';
import type { Model } from '../weights/model.ts';
import { type Asked, namesOf, optionsOf } from './options.ts';
import type { Resource, SeedName } from './resource.ts';

/** For paths without an ending: the format that `Accept` prefers. A path parameter {label} is the class. */
export function inBestFormat<Content>(model: Model, resource: Resource<Content>): Handler<AppEnv> {
  return (c) => {
    const format = negotiate(c, resource.formats);
    return send(c, model, { resource, format, label: c.req.param('label') });
  };
}

/** For paths with an ending: the format that it names. Before the dot is the resource's name, or a class. */
export function inNamedFormat<Content>(model: Model, resource: Resource<Content>): Handler<AppEnv> {
  return (c) => {
    const [name, ending] = `${c.req.param('file')}`.split('.');
    const format = resource.formats.find((one) => one.name === ending);
    const label = `/${name}` === resource.path ? undefined : name;
    return format ? send(c, model, { resource, format, label }) : c.notFound();
  };
}

/**
 * A path with any of a resource's endings, as one parameter {file}: Hono's are whole segments.
 * @param name a regular expression
 */
export function pathWithEnding<Content>(name: string, { formats }: Resource<Content>): string {
  return `/:file{${name}\\.(?:${formats.map((format) => format.name).join('|')})}`;
}

function send<Content>(
  c: Context<AppEnv>,
  model: Model,
  { resource, format, label }: Asked<Content>,
): Response {
  const asked = optionsOf(c.req.url, { resource, format, label }, model, settingsOf(c.env));
  const isFresh = resource.seeds.some((name) => asked[name] === undefined);
  const options = { ...asked, ...seedsOf(resource.seeds, asked) };

  const shaping = { ...options, model: model.shownHash };
  const location = permalink(
    `${resource.path}.${format.name}`,
    Object.fromEntries(namesOf(resource, format).map((name) => [name, shaping[name]])),
  );
  const headers = {
    // The permalink determines every byte except the origin, and fits into a tag as it is.
    ETag: `"${location}"`,
    'Cache-Control': cacheControlOf(isFresh, asked.model !== undefined),
    'Content-Location': location,
  };
  if (!isFresh && matchesEntityTag(c.req.header('If-None-Match'), headers.ETag)) {
    return c.body(null, 304, headers);
  }

  const content = resource.create(options, model);
  return answer(200, format.encode(content, formatOptionsOf(format, options, c.req.url)), {
    ...headers,
    'Content-Type': format.contentType ?? format.mediaType,
    ...resource.headersOf(content, options),
    'X-Digit-Model': model.shownHash,
  });
}

/** The seeds that are asked for, and fresh ones in place of the others. */
function seedsOf(names: readonly SeedName[], options: Options): Readonly<Record<SeedName, string>> {
  const seeds = names.map((name) => [name, options[name] ?? freshSeed()]);
  return Object.fromEntries(seeds) as Record<SeedName, string>;
}
