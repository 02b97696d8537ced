/** What the operations of an OpenAPI document refer to: parameters, headers, problems, documents. */

import { toJsonSchema } from '@valibot/to-json-schema';

import { areNamed, CONFIDENCE_DECIMALS, type Motif, type PictureClass } from '../digit.ts';
import { MAX_COUNT_PLACEHOLDER } from './openapi.ts';
import { DEFAULTS, type ParameterName, PATH_PARAMETERS, schemas } from './parameters.ts';

export type Json = Readonly<Record<string, unknown>>;

/** https://spec.openapis.org/oas/v3.1.1.html#components-object */
export function components(motif: Motif): Json {
  return {
    parameters: parameters(motif),
    headers: HEADERS,
    responses: RESPONSES,
    schemas: documents(motif),
  };
}

/** The parameters of a query, and of paths alone, by name. */
function parameters({ classes }: Motif): Json {
  const defaults: Readonly<Record<string, unknown>> = DEFAULTS;
  const described = Object.entries(schemas).map(([name, checked]) => {
    const { description, ...general } = jsonSchemaOf(checked);
    const schema = name === 'label' ? labelSchema(classes) : general;
    const bound = name === 'count' && { maximum: MAX_COUNT_PLACEHOLDER };
    const fallback = name in defaults && { default: defaults[name] };
    const where = PATH_PARAMETERS.some((each) => each === name)
      ? { in: 'path', required: true }
      : { in: 'query' };
    return [name, { name, ...where, description, schema: { ...schema, ...bound, ...fallback } }];
  });
  return Object.fromEntries(described) as Json;
}

/** The JSON Schema of a parameter: of a number, if that is what it is read as. */
export function jsonSchemaOf(schema: (typeof schemas)[ParameterName]): Json {
  const { $schema: _, ...described } = toJsonSchema(schema, {
    typeMode: 'output',
    target: 'draft-2020-12',
    ignoreActions: ['max_code_points', 'transform', 'to_lower_case'],
  });
  return described;
}

/** A class, by its number or its name. */
function labelSchema(classes: readonly PictureClass[]): Json {
  const number = numberSchema(classes);
  if (!areNamed(classes)) return number;
  return { anyOf: [number, { type: 'string', enum: classes.map(({ name }) => name) }] };
}

/** The number of a class. */
export function numberSchema(classes: readonly PictureClass[]): Json {
  const numbers = classes.map(({ number }) => number);
  if (numbers.some((number, place) => number !== numbers[0] + place)) {
    return { type: 'integer', enum: numbers };
  }
  if (numbers.length === 0) return { not: {} };
  return { type: 'integer', minimum: numbers[0], maximum: numbers[numbers.length - 1] };
}

/** A digit has all of these; series and walks have those that apply. */
export const HEADERS: Json = {
  ETag: header('The same for the same bytes.'),
  'Cache-Control': header(
    'Not to be kept without a seed, for an hour with one, for ever with the model as well.',
  ),
  'Content-Location': header('Path and query of these very bytes.'),
  'X-Digit-Model': header('The model, by the first 16 hex digits of its hash.'),
  'X-Digit-Seed': header('The seed, percent-encoded.', false),
  'X-Digit-Label': header('The number of the class.', false),
  'X-Digit-Asked': header(
    'The number of the class that was asked for, where an unconditional generator drew none and this came nearest.',
    false,
  ),
  'X-Digit-Confidence': header(
    `The classifier's probability of that class, with ${CONFIDENCE_DECIMALS} decimals.`,
    false,
  ),
};

function header(description: string, required = true): Json {
  return { description, required, schema: { type: 'string' } };
}

const RESPONSES: Json = {
  NotModified: { description: 'What If-None-Match names is still right.' },
  BadRequest: problem('A parameter is malformed, out of range, or given twice.'),
  NotFound: problem(
    'The model or the class that is asked for is not here; the models or the classes that are here are named.',
  ),
  NotAcceptable: problem('Accept allows no format that there is; those are listed.'),
  TooManyRequests: {
    ...problem('This client has asked too often.'),
    headers: { 'Retry-After': header('How many seconds to wait before asking again.') },
  },
  ModelUnavailable: {
    ...problem('The earlier model that is asked for cannot be read at the moment.'),
    headers: { 'Retry-After': header('How many seconds to wait before asking again.') },
  },
  Problem: problem('Anything else.'),
};

function problem(description: string): Json {
  return {
    description,
    content: { 'application/problem+json': { schema: reference('schemas', 'Problem') } },
  };
}

const TEXT = { type: 'string' };
const SHOWN_HASH = { type: 'string', pattern: '^[0-9a-f]{16}$' };
const HASH = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** Documents, by name. */
function documents({ width, height, classes }: Motif): Json {
  const number = numberSchema(classes);
  const name = { type: 'string', enum: classes.map((each) => each.name) };
  return {
    Digit: object(
      {
        ...(classes.length > 0 && {
          label: number,
          ...(areNamed(classes) && { name }),
          confidence: { type: 'number', minimum: 0, maximum: 1 },
        }),
        model: SHOWN_HASH,
        width: { const: width },
        height: { const: height },
        pixels: {
          type: 'array',
          description: 'Grey levels, row by row; 255 is ink.',
          items: { type: 'integer', minimum: 0, maximum: 255 },
          minItems: width * height,
          maxItems: width * height,
        },
        url: {
          type: 'string',
          format: 'uri-reference',
          description: 'This very digit; relative to the answer where the service names no origin.',
        },
      },
      {
        seed: jsonSchemaOf(schemas.seed),
        latent: {
          ...jsonSchemaOf(schemas.latent),
          description: 'In place of a seed, where it was asked for.',
        },
        ...(classes.length > 0 && {
          asked: { ...number, description: 'The class that was asked for, where it is another.' },
        }),
      },
    ),
    Number: object({
      number: jsonSchemaOf(schemas.number),
      seed: jsonSchemaOf(schemas.seed),
      model: SHOWN_HASH,
      digits: { type: 'array', items: reference('schemas', 'Digit'), minItems: 1, maxItems: 32 },
      url: { type: 'string', format: 'uri-reference', description: 'This very number.' },
    }),
    Digits: object({
      model: SHOWN_HASH,
      count: { type: 'integer', minimum: 1 },
      digits: { type: 'array', items: reference('schemas', 'Digit'), minItems: 1 },
    }),
    Problem: {
      ...object(
        { type: TEXT, title: TEXT, status: { type: 'integer' }, detail: TEXT },
        {
          errors: {
            type: 'array',
            items: object({ parameter: TEXT, found: TEXT, expected: TEXT }),
          },
          available: { type: 'array', items: TEXT, description: 'Media types, of a 406.' },
          endings: {
            type: 'array',
            items: TEXT,
            description: 'Those that there are, of a 404 for which only the ending is wrong.',
          },
          model: { ...SHOWN_HASH, description: 'The current one, of a 404 for another.' },
          earlier: { type: 'array', items: SHOWN_HASH, description: 'Those before it.' },
        },
      ),
      description: 'A problem document: https://www.rfc-editor.org/rfc/rfc9457',
    },
    Model: object(
      {
        model: SHOWN_HASH,
        sha256: HASH,
        title: { ...TEXT, description: 'What it draws: digit, or the name of its data set.' },
        width: { const: width },
        height: { const: height },
        classes: { type: 'array', items: object({ number, name: TEXT }) },
        labelled: { type: 'boolean' },
        parameters: { type: 'integer' },
        current: SHOWN_HASH,
        earlier: {
          type: 'array',
          items: SHOWN_HASH,
          description: 'Models before the current one, which answer where `model` names them.',
        },
      },
      { classifier: object({ parameters: { type: 'integer' } }) },
    ),
    Health: object({ status: { const: 'ok' }, model: SHOWN_HASH }),
    OpenApi: object({ openapi: TEXT, info: { type: 'object' }, paths: { type: 'object' } }),
  };
}

/** An object that may have further members. */
function object(required: Json, optional: Json = {}): Json {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
  };
}

export function reference(
  kind: 'headers' | 'parameters' | 'responses' | 'schemas',
  name: string,
): Json {
  return { $ref: `#/components/${kind}/${name}` };
}
