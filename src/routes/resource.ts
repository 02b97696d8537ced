/**
 * What a resource is: content that seeds and a few parameters choose, sent in one of several formats. A new one is
 * a file beside this, a line in app.ts and a topic in openapi-document.ts.
 */

import type { Format } from '../encoders/formats.ts';
import type { Headers } from '../http/answer.ts';
import { parametersOf } from '../http/format-options.ts';
import { type Options, type ParameterName, PATH_PARAMETERS } from '../http/parameters.ts';
import type { Model } from '../weights/model.ts';

export type SeedName = 'seed' | 'from' | 'to';

/**
 * @template Content what the formats of the resource encode
 * @template Seed the names of its seeds
 */
export interface Resource<Content, Seed extends SeedName = SeedName> {
  /** Without an ending. */
  path(options: Options): string;
  readonly formats: readonly Format<Content>[];
  /** The parameters that are seeds; each that is not given is drawn afresh, unless a latent takes its place. */
  readonly seeds: readonly Seed[];
  /** The other parameters that choose the content. */
  readonly parameters: readonly ParameterName[];
  /** How many digits it takes, each with a seed. */
  digits(options: Options): number;
  /** How many digits its picture has room for, in all frames together. */
  cells(options: Options): number;
  create(options: Options & Readonly<Record<Seed, string>>, model: Model): Content;
  /** Headers that say what the content is. */
  headersOf(content: Content, options: Readonly<Record<Seed, string>>): Headers;
}

/** A resource in one of its formats. */
export interface Representation<Content> {
  readonly resource: Resource<Content>;
  readonly format: Format<Content>;
  readonly mediaType: string;
  /** The parameters that determine every byte. */
  readonly parameters: readonly ParameterName[];
  /** Those of them that a permalink has in its query, in its order. */
  readonly inQuery: readonly ParameterName[];
}

export function representationsOf<Content>(
  resource: Resource<Content>,
): readonly Representation<Content>[] {
  const { formats, seeds, parameters } = resource;
  return formats.map((format): Representation<Content> => {
    const all = [...seeds, 'model' as const, ...parameters, ...parametersOf(format)];
    const inQuery = all.filter((name) => !PATH_PARAMETERS.includes(name));
    return { resource, format, mediaType: format.mediaType, parameters: all, inQuery };
  });
}
