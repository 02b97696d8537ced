/** The OpenAPI document: valid to a validator that others wrote, and true of the Worker. */

import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  digitFormats,
  digitsFormats,
  numberFormats,
  walkFormats,
} from '../../../src/encoders/formats.ts';
import { schemas } from '../../../src/http/parameters.ts';
import { startWorker, type WorkerUnderTest } from '../worker.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema?: object }> }>>;
  readonly 'x-codeSamples': readonly { source: string }[];
}
interface Reference {
  readonly $ref: string;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly schema: { readonly default?: number | string } & Readonly<Record<string, unknown>>;
}
interface Api {
  readonly openapi: string;
  readonly servers: readonly { url: string }[];
  readonly paths: Readonly<Record<string, { get: Operation }>>;
  readonly components: { parameters: Record<string, Parameter>; schemas: Record<string, object> };
}

let worker: WorkerUnderTest;
let api: Api;
let operations: readonly (readonly [path: string, operation: Operation])[];

beforeAll(async () => {
  worker = await startWorker();
  api = (await (await worker.fetch('/openapi.json')).json()) as Api;
  operations = Object.entries(api.paths).map(([path, { get }]) => [path, get] as const);
});
afterAll(() => worker.stop());

/** The address in a shell command. */
const addressIn = (source: string) => source.match(/'(.*)'/)![1];
const parameterOf = (parameter: Parameter | Reference): Parameter =>
  '$ref' in parameter ? api.components.parameters[parameter.$ref.split('/').at(-1)!] : parameter;
const endings = (path: string, formats: readonly { readonly name: string }[]) =>
  formats.map(({ name }) => `${path}.${name}`);
/** A schema of the document, for a validator that knows the document as "api". */
const inApi = (schema: { $ref?: string }) =>
  schema.$ref === undefined ? schema : { $ref: `api${schema.$ref}` };
const bytesAt = async (path: string) =>
  Buffer.from(await (await worker.fetch(path)).arrayBuffer()).toString('latin1');
/** A digit's own address, in its JSON, keeps the parameters that are given. */
const withoutAddress = (bytes: string) => bytes.replace(/"url".*/, '');

test('is OpenAPI', async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(api) });
  expect([valid, errors]).toEqual([true, undefined]);
  expect(api.openapi).toMatch(/^3\.1\./);
});

test('refers to nothing that is missing', () => {
  const text = JSON.stringify(api);
  for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = pointer
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], api);
    expect(found, pointer).toBeDefined();
  }
});

test('names each operation differently', () => {
  const names = operations.map(([, { operationId }]) => operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('lists the routes of the contract', () => {
  expect(operations.map(([path]) => path).toSorted()).toEqual(
    [
      '/',
      '/digit',
      ...endings('/digit', digitFormats),
      '/{label}',
      ...endings('/{label}', digitFormats),
      '/digit/{seed}',
      ...endings('/digit/{seed}', digitFormats),
      '/digits',
      ...endings('/digits', digitsFormats),
      '/number/{number}',
      ...endings('/number/{number}', numberFormats),
      '/walk',
      ...endings('/walk', walkFormats),
      '/model',
      '/openapi.json',
      '/health',
    ].toSorted(),
  );
});

test('is relative to where it is served, and names the bound that is set there', async () => {
  expect(api.servers).toEqual([{ url: '/' }]);
  expect(api.components.parameters['count'].schema).toMatchObject({ minimum: 1, maximum: 100 });
});

test('each example is answered in the media types and with the documents described', async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(api, 'api');
  for (const [path, operation] of operations) {
    const { 200: success } = operation.responses;
    const [{ source }] = operation['x-codeSamples'];
    const url = new URL(addressIn(source));
    expect(url.pathname).toMatch(
      new RegExp(`^${path.replace('{label}', '[0-9]').replace(/\{\w+\}/, '\\w+')}$`),
    );
    for (const [mediaType, { schema }] of Object.entries(success.content!)) {
      const response = await worker.fetch(url.pathname + url.search, {
        headers: { Accept: mediaType },
      });
      expect([source, response.status]).toEqual([source, 200]);
      expect(response.headers.get('Content-Type')?.split(';')[0]).toBe(mediaType);
      if (mediaType !== 'application/json') continue;
      const document: unknown = await response.json();
      expect(ajv.validate(inApi(schema!), document), ajv.errorsText()).toBe(true);
    }
  }
});

test('every parameter of an example is listed for its route', () => {
  for (const [, { parameters = [], 'x-codeSamples': samples }] of operations) {
    const known = parameters.map((parameter) => parameterOf(parameter).name);
    const used = new URL(addressIn(samples[0].source)).searchParams.keys();
    expect(known).toEqual(expect.arrayContaining([...used]));
  }
});

describe('parameters', () => {
  test('are those that are validated, each with a description', () => {
    const { parameters } = api.components;
    expect(Object.keys(parameters).toSorted()).toEqual(Object.keys(schemas).toSorted());
    for (const { description } of Object.values(parameters)) expect(description).toMatch(/\.$/);
  });

  /** Texts in a query, right and wrong ones. */
  const samples: Readonly<Record<string, readonly string[]>> = {
    seed: ['', 'a', '👩'.repeat(64), '👩'.repeat(65), 'a'.repeat(65)],
    label: ['-1', '0', '9', '10'],
    raw: ['0', '1', '2'],
    count: ['0', '1', '100', '101'],
    cols: ['0', '1', '100', '101'],
    scale: ['0', '1', '4', '33'],
    fg: ['', 'fff', '#FFF', 'ABCDEF', 'ffff', 'red'],
    bg: ['', 'fff', 'transparent', 'Transparent', 'none'],
    model: ['', '1234567', 'xyz45678'],
  };

  test.each(Object.entries(samples))('%s is described as it is validated', async (name, texts) => {
    const { schema } = api.components.parameters[name];
    const ajv = new Ajv2020({ strict: false });
    for (const text of texts) {
      const value = schema['type'] === 'integer' ? Number(text) : text;
      const query = new URLSearchParams({ count: '1', [name]: text });
      const { status } = await worker.fetch(`/digits.png?${query}`);
      expect([text, ajv.validate(schema, value)]).toEqual([text, status === 200]);
    }
  });

  test.each([
    ['/digit.json?seed=7', 'raw'],
    ['/digits.npy?seed=7', 'count'],
    ['/digits.png?seed=7&count=11', 'cols'],
    ['/digit.png?seed=7', 'scale'],
    ['/digit.svg?seed=7', 'fg'],
    ['/digit.svg?seed=7', 'bg'],
    ['/walk.gif?from=3&to=8', 'frames'],
  ])('%s has the default of %s that is described', async (path, name) => {
    const { schema } = api.components.parameters[name];
    const [without, given] = await Promise.all([
      bytesAt(path),
      bytesAt(`${path}&${name}=${schema.default}`),
    ]);
    expect(withoutAddress(given)).toBe(withoutAddress(without));
  });
});

test('a problem is as described', async () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(api, 'api');
  const problems = [
    await worker.fetch('/digit.png?seed=&scale=99'),
    await worker.fetch('/digit.png?model=00000000'),
    await worker.fetch('/digit', { headers: { Accept: 'audio/mpeg' } }),
    await worker.fetch('/digit', { method: 'PUT' }),
    await worker.fetch('/nowhere'),
  ];
  for (const response of problems) {
    expect(ajv.validate('api#/components/schemas/Problem', await response.json())).toBe(true);
  }
});
