/**
 * A model as the Worker loads it: generator and classifier laid out for the kernel, in one safetensors
 * file that is made when the Worker is built (training/bundle/packing.ts), where the weights are checked. A
 * fresh runtime has nothing left to do but to copy the tensor `memory`.
 */

import type { Motif, PictureClass } from '../digit.ts';
import type { Layout, MemoryImage } from '../sampler/layout.ts';
import type { MaxCandidates } from '../sampler/sampler.ts';
import { requireSoundLayout } from '../sampler/sound-layout.ts';
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
  if (memory?.dtype !== 'I8') throw new PackedError('it has no memory');
  const { buffer, byteOffset, byteLength } = int8Of(memory);
  const image: MemoryImage = {
    layout: objectIn(metadata, 'layout') as Layout,
    constants: new Uint8Array(buffer, byteOffset, byteLength),
  };
  named(() => requireSoundLayout(image));
  const motif = objectIn(metadata, 'motif') as Motif;
  requireMotif(motif, image.layout);
  return {
    hash: textIn(metadata, 'hash'),
    answersVersion: Number(metadata['answersVersion']),
    image,
    motif,
    maxCandidates:
      'maxCandidates' in metadata
        ? (objectIn(metadata, 'maxCandidates') as MaxCandidates)
        : undefined,
    generator: objectIn(metadata, 'generator') as Metadata,
    classifier:
      'classifier' in metadata ? (objectIn(metadata, 'classifier') as Metadata) : undefined,
    directions: textIn(metadata, 'directions'),
  };
}

/** Does what throws only where the file is at fault. @throws PackedError */
export function named<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new PackedError((error as Error).message);
  }
}

function textIn(metadata: Metadata, name: keyof PackedMetadata): string {
  const text: string | undefined = metadata[name];
  if (text === undefined) throw new PackedError(`it has no ${name}`);
  return text;
}

function objectIn(metadata: Metadata, name: keyof PackedMetadata): object {
  const value = named(() => JSON.parse(textIn(metadata, name)) as unknown);
  if (typeof value === 'object' && value !== null) return value;
  throw new PackedError(`its ${name} is none`);
}

/** What the app and the page take for granted. */
function requireMotif({ title, width, height, classes }: Motif, layout: Layout): void {
  const [pixels, read] = [layout.generator, layout.classifier].map(
    (network) => network?.layers[network.layers.length - 1].outputs ?? 0,
  );
  const isMotif =
    typeof title === 'string' &&
    width * height === pixels &&
    Number.isSafeInteger(width) &&
    Array.isArray(classes) &&
    classes.length === read &&
    classes.every(isNamed);
  if (!isMotif) throw new PackedError('its motif does not fit its networks');
}

function isNamed(each: Partial<PictureClass> | null): boolean {
  return Number.isSafeInteger(each?.number) && typeof each?.name === 'string';
}
