/** Whether a generator and a classifier belong together: what one draws, the other has to have learned to read. */

import { Failure, reasonOf } from '../cli/failure.ts';
import {
  type DataOrigin,
  dataOriginOf,
  describeOrigin,
  haveSameData,
  MNIST,
} from '../quantization/data-origin.ts';
import { requireDescription } from './description.ts';

/** A file of weights, float or int8, and the data that it has learned from. */
export interface Learned {
  readonly path: string;
  readonly origin: DataOrigin;
}

/** Of a network, as much as tells what is a picture of its numbers, and what is a class. */
interface AnyNetwork {
  readonly kind: 'generator' | 'classifier';
  readonly layers: readonly { readonly inputs: number; readonly outputs: number }[];
  /** Of its inputs. */
  readonly classes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws Failure for metadata that do not fit the network, or that no route could tell */
export function learnedBy(path: string, { kind, layers, classes, metadata }: AnyNetwork): Learned {
  const [{ inputs }, { outputs }] = [layers[0], layers[layers.length - 1]];
  try {
    requireDescription(metadata);
    const origin =
      kind === 'generator'
        ? dataOriginOf(metadata, outputs, classes)
        : dataOriginOf(metadata, inputs, outputs);
    return { path, origin };
  } catch (error) {
    throw new Failure(`${path}: ${reasonOf(error)}.`);
  }
}

/** @throws Failure that says what mends it, if they have learned from different data */
export function requireSameData(generator: Learned, classifier: Learned): void {
  if (haveSameData(generator.origin, classifier.origin)) return;
  const [drawn, read] = [generator, classifier].map(({ origin }) => describeOrigin(origin));
  const { name } = generator.origin;
  const command =
    name === MNIST
      ? `git checkout ${classifier.path}`
      : `npm run train:classifier -- --data DIR, of ${name ?? "the generator's data"},`;
  throw new Failure(
    `${generator.path} and ${classifier.path}: found ${drawn} and ${read}, expected weights that learned from the same data; ${command} gives the generator its classifier.`,
  );
}
