/**
 * A model as the Worker loads it: generator and classifier laid out for the kernel, in one safetensors
 * file that is made when the Worker is built (training/bundle/packing.ts), where the weights are checked. A
 * fresh runtime has nothing left to do but to copy the tensor `memory`.
 */

import type { Motif } from '../digit.ts';
import type { Layout, MemoryImage } from '../sampler/layout.ts';
import type { MaxCandidates } from '../sampler/sampler.ts';
import { int8Of, parseSafetensors } from './safetensors.ts';

/** To be raised whenever any answer's bytes would change although the weights stay the same. */
export const ANSWERS_VERSION = 3;

/** Of a hash of 64 hex digits, what is shown. */
export function shownHashOf(hash: string): string {
  return hash.slice(0, 16);
}

/** The `__metadata__` of the file of a network. */
export type Metadata = Readonly<Record<string, string>>;

export interface PackedModel {
  /**
   * 64 hex digits: the SHA-256 of ANSWERS_VERSION (4 bytes, little-endian), both files of weights and, where it is there,
   * the text of maxCandidates.
   */
  readonly hash: string;
  /** The version of the code's answers that the hash stands for. */
  readonly answersVersion: number;
  readonly image: MemoryImage;
  readonly motif: Motif;
  /** Undefined where all models' bound holds. */
  readonly maxCandidates: MaxCandidates | undefined;
  readonly generator: Metadata;
  /** Undefined where nothing reads the pictures. */
  readonly classifier: Metadata | undefined;
  /** As JSON: whole numbers in units of 2⁻¹², one list as long as the latent for each direction. */
  readonly directions: string;
}

/** The metadata of the packed file, as JSON but for the hash. */
export type PackedMetadata = Readonly<
  Record<'hash' | 'answersVersion' | 'layout' | 'motif' | 'generator' | 'directions', string> & {
    /** Absent where nothing reads the pictures. */
    classifier?: string;
    /** Absent where all models' bound holds. */
    maxCandidates?: string;
  }
>;

/** A file that is no packed model, or one whose parts do not fit. */
export class PackedError extends TypeError {
  override readonly name = 'PackedError';

  constructor(reason: string) {
    super(`the file is no packed model (${reason}): build it anew`);
  }
}

/** @throws SafetensorsError for a file that is broken, PackedError for one that is no packed model */
export function readPacked(file: Uint8Array): PackedModel {
  const { metadata, tensors } = parseSafetensors(file);
  const memory = tensors.get('memory');
  const { hash, answersVersion, layout, motif, generator, directions } = metadata;
  const classifier: string | undefined = metadata['classifier'];
  const max: string | undefined = metadata['maxCandidates'];
  if (!memory || !hash) throw new PackedError('it lacks memory or hash');
  const { buffer, byteOffset, byteLength } = int8Of(memory);
  return {
    hash,
    answersVersion: Number(answersVersion),
    image: {
      layout: JSON.parse(layout) as Layout,
      constants: new Uint8Array(buffer, byteOffset, byteLength),
    },
    motif: JSON.parse(motif) as Motif,
    maxCandidates: max === undefined ? undefined : (JSON.parse(max) as MaxCandidates),
    generator: JSON.parse(generator) as Metadata,
    classifier: classifier === undefined ? undefined : (JSON.parse(classifier) as Metadata),
    directions,
  };
}
