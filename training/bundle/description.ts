/** What `/model` tells of a file of weights, checked when the Worker is built: no route is the first to parse it. */

import * as v from 'valibot';

import { quote } from '../../src/weights/quote.ts';
import { NetworkError } from './network.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const object = v.looseObject({});

/** What a route parses, and how a message calls it. Whatever else a file says is told as it is, as text. */
const PARSED = {
  recipe: [object, 'an object in JSON'],
  fidelity: [object, 'an object in JSON'],
  epochs: [count, 'a whole number'],
  seed: [count, 'a whole number'],
} as const;

/** @throws NetworkError that names the entry of the file's metadata, what was found, and what is expected */
export function requireDescription(metadata: Readonly<Record<string, string>>): void {
  for (const [name, [schema, expected]] of Object.entries(PARSED)) {
    const found = metadata[name];
    if (found === undefined || v.is(v.pipe(v.string(), v.parseJson(), schema), found)) continue;
    throw new NetworkError('BadMetadata', `${name} is ${quote(found)}, expected ${expected}`);
  }
}
