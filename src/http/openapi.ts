/**
 * `GET /openapi.json`: all there is, in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html), made of
 * the schemas that validate and of the formats that are served. Not here: what an answer's bytes mean.
 */

import type { Format } from '../encoders/formats.ts';
import { digit, digits, walk, type Resource } from '../routes/resources.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { componentsOf, HEADERS, type Json, reference } from './openapi-components.ts';
import { schemas, type ParameterName } from './parameters.ts';

/** Where it is served, and what is a variable there. */
export interface Place {
  readonly origin: string;
  readonly maxCount: number;
}

type AnyFormat = Pick<Format<never>, 'name' | 'mediaType' | 'parameters'>;

/** A resource, and what is said of it. */
interface Topic {
  readonly resource: Pick<Resource<unknown>, 'seeds' | 'parameters'> & {
    readonly formats: readonly AnyFormat[];
  };
  readonly tag: string;
  /** With {label} in the place of a class. */
  readonly path: string;
  readonly summary: string;
  /** Begins the names of its operations. */
  readonly name: string;
  /** The component that its JSON is. */
  readonly document?: string;
  /** A query that shows something, and what may be added for a picture. */
  readonly query: string;
  readonly pictureQuery: string;
}

const DIGIT: Topic = {
  resource: digit,
  tag: 'digit',
  path: '/digit',
  summary: 'One digit',
  name: 'getDigit',
  document: 'Digit',
  query: 'seed=7',
  pictureQuery: '&scale=8',
};
const DIGIT_OF_CLASS: Topic = {
  ...DIGIT,
  path: '/{label}',
  summary: 'One digit of a class',
  name: 'getDigitOfClass',
};
const ANY_DIGIT: Topic = { ...DIGIT, path: '/', summary: 'One digit, or this web page' };
const DIGITS: Topic = {
  resource: digits,
  tag: 'digits',
  path: '/digits',
  summary: 'Many digits, pictures of them as a grid',
  name: 'getDigits',
  document: 'Digits',
  query: 'seed=7&count=8',
  pictureQuery: '&cols=4&scale=4',
};
const WALK: Topic = {
  resource: walk,
  tag: 'walk',
  path: '/walk',
  summary: 'A walk through latent space from one digit to another',
  name: 'getWalk',
  query: 'from=3&to=8&frames=16',
  pictureQuery: '&scale=4',
};

/** The document. */
export function describeApi({ origin, maxCount }: Place): Json {
  const anyDigit = negotiated(ANY_DIGIT, 'getAnyDigit', origin);
  return {
    openapi: '3.1.1',
    info: {
      title: 'digitmint',
      version: '1',
      summary: 'Handwritten digits that no hand ever wrote.',
      description:
        'The same seed gives the same bytes, in every format and for as long as the model is there. ' +
        'Parameters that are not listed are ignored. HEAD and OPTIONS are answered everywhere.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    tags: ['digit', 'digits', 'walk', 'about'].map((name) => ({ name })),
    paths: {
      '/': { get: anyDigit },
      ...pathsOf(DIGIT, origin),
      ...pathsOf(DIGIT_OF_CLASS, origin),
      ...pathsOf(DIGITS, origin),
      ...pathsOf(WALK, origin),
      '/model': about('Where the digits come from, in numbers', '/model', 'Model', origin),
      '/health': about('That weights and kernel are sound', '/health', 'Health', origin),
      '/openapi.json': about('This document', '/openapi.json', 'OpenApi', origin),
    },
    components: componentsOf(maxCount),
  };
}

/** A path whose format `Accept` decides, and those with an ending. */
function pathsOf(topic: Topic, origin: string): Json {
  const { path, name, summary, resource } = topic;
  const endings = resource.formats.map((format) => {
    const upperCase = format.name.toUpperCase();
    const get = operation(topic, [format], `${path}.${format.name}`, origin);
    const named = { operationId: `${name}As${upperCase}`, summary: `${summary}, as ${upperCase}` };
    return [`${path}.${format.name}`, { get: { ...named, ...get } }];
  });
  return { [path]: { get: negotiated(topic, name, origin) }, ...Object.fromEntries(endings) };
}

function negotiated(topic: Topic, operationId: string, origin: string): Json {
  const { summary, resource, path } = topic;
  const { responses, ...rest } = operation(topic, resource.formats, path, origin);
  return {
    operationId,
    summary,
    ...rest,
    responses: { ...(responses as Json), 406: reference('responses', 'NotAcceptable') },
  };
}

/** An operation without its name. */
function operation(
  { resource, tag, query, pictureQuery, document }: Topic,
  formats: readonly AnyFormat[],
  path: string,
  origin: string,
): Json {
  const isOfClass = path.includes('{label}');
  const names = new Set<ParameterName>([
    ...resource.seeds,
    'model',
    ...resource.parameters.filter((name) => !(isOfClass && name === 'label')),
    ...formats.flatMap(({ parameters }) => parameters),
  ]);
  const isPicture = formats[0].parameters.includes('scale');
  const address = `${path.replace('{label}', '7')}?${query}${isPicture ? pictureQuery : ''}`;
  return {
    tags: [tag],
    parameters: [
      ...(isOfClass ? [classInPath()] : []),
      ...Array.from(names, (name) => reference('parameters', name)),
    ],
    responses: {
      200: {
        description: 'Drawn.',
        headers: Object.fromEntries(
          Object.keys(HEADERS).map((name) => [name, reference('headers', name)]),
        ),
        content: {
          ...Object.fromEntries(
            formats.map((format) => [format.mediaType, contentOf(format, document)]),
          ),
          ...(path === '/' && { 'text/html': TEXT }),
        },
      },
      304: reference('responses', 'NotModified'),
      400: reference('responses', 'BadRequest'),
      404: reference('responses', 'NotFound'),
      429: reference('responses', 'TooManyRequests'),
      default: reference('responses', 'Problem'),
    },
    ...sample(`curl -o ${tag}.${formats[0].name} '${origin}${address}'`),
  };
}

const TEXT = { schema: { type: 'string' } };

function classInPath(): Json {
  const { description, ...schema } = jsonSchemaOf(schemas.label);
  return { name: 'label', in: 'path', required: true, description, schema };
}

function contentOf({ name, mediaType }: AnyFormat, document: string | undefined): Json {
  if (name === 'json' && document) return { schema: reference('schemas', document) };
  return mediaType.startsWith('text/') || name === 'svg' ? TEXT : {};
}

function about(summary: string, path: string, schema: string, origin: string): Json {
  const content = { 'application/json': { schema: reference('schemas', schema) } };
  return {
    get: {
      operationId: `get${schema}`,
      summary,
      tags: ['about'],
      responses: {
        200: { description: summary, content },
        default: reference('responses', 'Problem'),
      },
      ...sample(`curl '${origin}${path}'`),
    },
  };
}

/** How to ask for it, where viewers of such documents look for that. */
function sample(source: string): Json {
  return { 'x-codeSamples': [{ lang: 'Shell', source }] };
}
