/**
 * Kernel and weights → a model that draws digits. Everything happens when it is first needed, since a
 * Worker may take only so long to start, and at most once.
 */

import type { Motif } from '../digit.ts';
import { createEngine } from '../sampler/engine.ts';
import { createSampler, type Sampler } from '../sampler/sampler.ts';
import { type Metadata, named, type PackedModel, readPacked, shownHashOf } from './packed.ts';

export interface Model {
  /** 64 hex digits, a hash of every byte that shapes a digit. */
  readonly hash: string;
  /** The first 16 of them, which are shown. */
  readonly shownHash: string;
  /** Whether the generator draws the class that it is asked for. */
  readonly isConditional: boolean;
  /** What it draws. */
  readonly motif: Motif;
  readonly sampler: Sampler;
  /** What the files of weights say about themselves. */
  readonly generator: Metadata;
  readonly classifier: Metadata | undefined;
  /** Unit vectors of latent space along which digits change most, the strongest first, in units of 2⁻¹². */
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
  const create = ({ image, maxCandidates }: PackedModel): Sampler =>
    named(() => createSampler(createEngine(kernel, image), image.layout, maxCandidates));
  return {
    get hash() {
      return read().hash;
    },
    get shownHash() {
      return shownHashOf(read().hash);
    },
    get isConditional() {
      return (read().image.layout.generator?.classes ?? 0) > 0;
    },
    get motif() {
      return read().motif;
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
