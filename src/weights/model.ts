/**
 * Kernel and weights → what answers are made of. Nothing happens before it is asked for, because a
 * Worker's start-up is limited, and everything at most once.
 */

import { createEngine } from '../sampler/engine.ts';
import { createSampler, type Sampler } from '../sampler/sampler.ts';
import { type Metadata, type PackedModel, readPacked } from './packed.ts';

const HASH_DIGITS_SHOWN = 16;

export interface Model {
  /** 64 hex digits that stand for every byte which shapes a digit. */
  readonly hash: string;
  /** Its first 16, as it is shown. */
  readonly shownHash: string;
  /** Whether the generator is told the class. */
  readonly isConditional: boolean;
  readonly sampler: Sampler;
  /** What the files of the weights say about them. */
  readonly generator: Metadata;
  readonly classifier: Metadata;
  /** Steps of length 1 in the latent, in its units of 2⁻¹², along which digits change most; the strongest first. */
  readonly directions: readonly (readonly number[])[];
}

/**
 * @param kernel the compiled build/sampler.wasm
 * @param file build/model.safetensors
 */
export function createModel(kernel: WebAssembly.Module, file: Uint8Array): Model {
  let packed: PackedModel | undefined;
  let sampler: Sampler | undefined;
  const read = (): PackedModel => (packed ??= readPacked(file));
  const create = ({ image }: PackedModel): Sampler =>
    createSampler(createEngine(kernel, image), image.layout);
  return {
    get hash() {
      return read().hash;
    },
    get shownHash() {
      return read().hash.slice(0, HASH_DIGITS_SHOWN);
    },
    get isConditional() {
      return (read().image.layout.generator?.classes ?? 0) > 0;
    },
    get sampler() {
      return (sampler ??= create(read()));
    },
    get generator() {
      return read().generator;
    },
    get classifier() {
      return read().classifier;
    },
    get directions() {
      return JSON.parse(read().directions) as number[][];
    },
  };
}
