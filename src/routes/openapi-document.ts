/**
 * The API in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html), made from the schemas that validate
 * and from the table of formats. This runs when the Worker is built; what it then serves is the document
 * (http/openapi.ts). Not here: what the bytes of an answer mean.
 */

import { exampleOf, type Motif, nounOf, type PictureClass, taglineOf } from '../digit.ts';
import type { Format } from '../encoders/formats.ts';
import { parametersOf } from '../http/format-options.ts';
import {
  components,
  HEADERS,
  type Json,
  jsonSchemaOf,
  numberSchema,
  reference,
} from '../http/openapi-components.ts';
import { ORIGIN, SERVER } from '../http/openapi.ts';
import { type ParameterName, schemas } from '../http/parameters.ts';
import { digit } from './digit.ts';
import { digits } from './digits.ts';
import { number } from './number.ts';
import type { Resource } from './resource.ts';
import { walk } from './walk.ts';

type AnyFormat = Pick<Format<never>, 'name' | 'mediaType' | 'options'>;

/** A resource, and what is said about it. */
interface Topic {
  readonly resource: Pick<Resource<unknown>, 'seeds' | 'parameters'> & {
    readonly formats: readonly AnyFormat[];
  };
  readonly tag: string;
  /** With {label} for a class, {seed} for a seed, {number} for a number. */
  readonly path: string;
  readonly summary: string;
  /** What the names of its operations begin with. */
  readonly name: string;
  /** The component that describes its JSON. */
  readonly document?: string;
  /** An example, and what to add to it for a picture. */
  readonly query: string;
  readonly pictureQuery: string;
  /** What {label} may be. */
  readonly classes?: readonly PictureClass[];
  /** What {number} may be. */
  readonly figures?: string;
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
const DIGIT_OF_SEED: Topic = {
  ...DIGIT,
  path: '/digit/{seed}',
  summary: 'The digit of a seed',
  name: 'getDigitOfSeed',
  query: '',
};
const NUMBER: Topic = {
  resource: number,
  tag: 'number',
  path: '/number/{number}',
  summary: 'A number in digits, side by side',
  name: 'getNumber',
  document: 'Number',
  query: 'seed=7',
  pictureQuery: '&scale=4',
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

/** The document of a model that draws this, with what http/openapi.ts fills in. */
export function describeApi(motif: Motif): Json {
  const { classes } = motif;
  const figures = exampleNumber(classes);
  return {
    openapi: '3.1.1',
    info: {
      title: 'digitmint',
      version: '1',
      summary: taglineOf(motif),
      description:
        (nounOf(motif) === 'digit' ? '' : 'What is called a digit here is a picture like those. ') +
        'The same seed gives the same bytes, in every format and for as long as the model is there. ' +
        'Sizes and classes are those of the current model; an earlier one, which model names, may have others. ' +
        'Parameters that are not listed are ignored. HEAD and OPTIONS are answered everywhere.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: SERVER }],
    tags: ['digit', 'digits', 'number', 'walk', 'about'].map((name) => ({ name })),
    paths: {
      '/': { get: negotiated(ANY_DIGIT, 'getAnyDigit') },
      ...pathsOf(DIGIT),
      ...(classes.length > 0 && pathsOf({ ...DIGIT_OF_CLASS, classes })),
      ...pathsOf(DIGIT_OF_SEED),
      ...pathsOf(DIGITS),
      ...(figures !== undefined && pathsOf({ ...NUMBER, figures })),
      ...pathsOf(WALK),
      '/model': about('Where the digits come from, in numbers', '/model', 'Model', OF_A_MODEL),
      '/health': about('That weights and kernel are sound', '/health', 'Health'),
      '/openapi.json': about('This document', '/openapi.json', 'OpenApi'),
    },
    components: components(motif),
  };
}

/** A path whose format `Accept` decides, and those with an ending. */
function pathsOf(topic: Topic): Json {
  const { path, name, summary, resource } = topic;
  const endings = resource.formats.map((format) => {
    const upperCase = format.name.toUpperCase();
    const get = operation(topic, [format], `${path}.${format.name}`);
    const named = { operationId: `${name}As${upperCase}`, summary: `${summary}, as ${upperCase}` };
    return [`${path}.${format.name}`, { get: { ...named, ...get } }] as const;
  });
  return { [path]: { get: negotiated(topic, name) }, ...Object.fromEntries(endings) };
}

function negotiated(topic: Topic, operationId: string): Json {
  const { summary, resource, path } = topic;
  const { responses, ...rest } = operation(topic, resource.formats, path);
  return {
    operationId,
    summary,
    ...rest,
    responses: { ...(responses as Json), 406: reference('responses', 'NotAcceptable') },
  };
}

/** An operation, but for its name. */
function operation(
  { resource, tag, query, pictureQuery, document, classes, figures = '' }: Topic,
  formats: readonly AnyFormat[],
  path: string,
): Json {
  const names = new Set<ParameterName>([
    ...resource.seeds,
    'model',
    ...resource.parameters.filter((name) => !(classes && name === 'label')),
    ...formats.flatMap(parametersOf),
  ]);
  const hasSeed = path.includes('{seed}');
  if (hasSeed) for (const name of ['seed', 'latent'] as const) names.delete(name);
  const isPicture = formats[0].options.includes('scale');
  const label = `${classes && exampleOf(classes).number}`;
  const examples = { label, seed: 'minted', number: figures };
  const asked = `${query}${isPicture ? pictureQuery : ''}`.replace(/^&?(?=.)/, '?');
  const address = `${examplePath(path, examples)}${asked}`;
  return {
    tags: [tag],
    parameters: [
      ...(classes ? [classInPath(classes)] : []),
      ...(hasSeed ? [seedInPath()] : []),
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
      503: reference('responses', 'ModelUnavailable'),
      default: reference('responses', 'Problem'),
    },
    ...example(`curl -o ${tag}.${formats[0].name} '${ORIGIN}${address}'`),
  };
}

const TEXT = { schema: { type: 'string' } };

function examplePath(path: string, examples: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => examples[name]);
}

/** A number that can be written in these classes; undefined if none can. */
function exampleNumber(classes: readonly PictureClass[]): string | undefined {
  const figures = new Set(classes.map((each) => `${each.number}`));
  const candidates = ['2024', ...Array.from(figures, (figure) => figure + figure)];
  return candidates.find((text) => Array.from(text).every((figure) => figures.has(figure)));
}

function seedInPath(): Json {
  const { description: _, ...schema } = jsonSchemaOf(schemas.seed);
  const description = 'The seed. A last ending that is no format belongs to it.';
  return { name: 'seed', in: 'path', required: true, description, schema };
}

function classInPath(classes: readonly PictureClass[]): Json {
  const schema = numberSchema(classes);
  const description = 'The class of the digit.';
  return { name: 'label', in: 'path', required: true, description, schema };
}

function contentOf({ name, mediaType }: AnyFormat, document: string | undefined): Json {
  if (name === 'json' && document) return { schema: reference('schemas', document) };
  return mediaType.startsWith('text/') || name === 'svg' ? TEXT : {};
}

/** For answers about the current model, or the one that is named. */
const OF_A_MODEL = {
  parameters: [reference('parameters', 'model')],
  responses: {
    400: reference('responses', 'BadRequest'),
    404: reference('responses', 'NotFound'),
    429: reference('responses', 'TooManyRequests'),
    503: reference('responses', 'ModelUnavailable'),
  },
};

/** @param more parameters, and responses other than success */
function about(
  summary: string,
  path: string,
  schema: string,
  {
    parameters,
    responses,
  }: { readonly parameters?: readonly Json[]; readonly responses?: Json } = {},
): Json {
  const content = { 'application/json': { schema: reference('schemas', schema) } };
  return {
    get: {
      operationId: `get${schema}`,
      summary,
      tags: ['about'],
      ...(parameters && { parameters }),
      responses: {
        200: { description: summary, content },
        ...responses,
        default: reference('responses', 'Problem'),
      },
      ...example(`curl '${ORIGIN}${path}'`),
    },
  };
}

/** How to ask for it, where viewers of OpenAPI look for that. */
function example(source: string): Json {
  return { 'x-codeSamples': [{ lang: 'Shell', source }] };
}
