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
import { freshSeed } from '../sampler/seed.ts';
import type { Model } from '../weights/model.ts';
import { optionsOf } from './options.ts';
import {
  type Representation,
  representationsOf,
  type Resource,
  type SeedName,
} from './resource.ts';

/** For paths without an ending: the format that `Accept` prefers. A path parameter {label} is the class. */
export function inBestFormat<Content>(model: Model, resource: Resource<Content>): Handler<AppEnv> {
  const representations = representationsOf(resource);
  return (c) => send(c, model, negotiate(c, representations), c.req.param('label'));
}

/** For paths with an ending: the format that it names. Before the dot is the resource's name, or a class. */
export function inNamedFormat<Content>(model: Model, resource: Resource<Content>): Handler<AppEnv> {
  const representations = representationsOf(resource);
  return (c) => {
    const [name, ending] = `${c.req.param('file')}`.split('.');
    const representation = representations.find(({ format }) => format.name === ending);
    const label = `/${name}` === resource.path ? undefined : name;
    return representation ? send(c, model, representation, label) : c.notFound();
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
  representation: Representation<Content>,
  label: string | undefined,
): Response {
  const { resource, format, parameters } = representation;
  const settings = settingsOf(c.env);
  const asked = optionsOf(c.req.url, representation, label, model, settings);
  const missing = resource.seeds.filter((name) => asked[name] === undefined);
  const options = withFreshSeeds(asked, missing);

  const mountPath = mountPathOf(c);
  const path = `${mountPath}${resource.path}.${format.name}`;
  const location = permalink(path, { ...options, model: model.shownHash }, parameters);
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
