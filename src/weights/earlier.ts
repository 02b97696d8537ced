/**
 * The models before the current one, whose permalinks stay good: each is read when somebody asks for it, and a few are
 * kept. Not here: where their files are, and what a request is told.
 */

import { createModel, type Model } from './model.ts';
import { shownHashOf } from './packed.ts';

/** What a build knows of an earlier model. */
export interface ListedModel {
  /** 64 hex digits: the model's own. */
  readonly hash: string;
  /** 64 hex digits, of its file. */
  readonly sha256: string;
}

/** Reads the file of a model. @param name 16 hex digits @throws where it is not to be had */
export type ReadModel = (name: string) => Promise<Uint8Array>;

/** A file of an earlier model is missing or damaged. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
  /** 16 hex digits */
  readonly model: string;

  constructor(model: string, cause: unknown) {
    super(`the file of model ${model} cannot be used`, { cause });
    this.model = model;
  }
}

export interface EarlierModels {
  /** 16 hex digits of each. */
  readonly names: readonly string[];
  /**
   * The model whose hash begins with these digits, at once if it is kept; undefined if it is none of these.
   * @throws ModelFileError, by rejecting
   */
  find(digits: string, read: ReadModel): Model | Promise<Model> | undefined;
}

export const NO_EARLIER_MODELS: EarlierModels = { names: [], find: () => undefined };

/** A model takes up to 16 MB, its file and the kernel's memory; the platform gives 128 MB for everything. */
const MAX_KEPT = 3;
/** How often whoever waits for another's reading looks again, and how long at most. */
const LOOK_MS = 20;
const MAX_READING_MS = 5000;

/** @param kernel the compiled build/sampler.wasm */
export function createEarlierModels(
  kernel: WebAssembly.Module,
  listed: readonly ListedModel[],
): EarlierModels {
  /** By hash, the one that was asked for last at the end. */
  const kept = new Map<string, Model>();
  let readingSinceMs: number | undefined;

  function recall(hash: string): Model | undefined {
    const model = kept.get(hash);
    if (model) keep(hash, model);
    return model;
  }

  function keep(hash: string, model: Model): void {
    kept.delete(hash);
    kept.set(hash, model);
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT) kept.delete(oldest);
  }

  function isReading(): boolean {
    return readingSinceMs !== undefined && Date.now() - readingSinceMs < MAX_READING_MS;
  }

  /**
   * Files are read one at a time, which bounds memory. Nobody waits for another request's promise: if that request is
   * gone, so is what it waited for, and the runtime never settles the promise.
   */
  async function load({ hash, sha256 }: ListedModel, read: ReadModel): Promise<Model> {
    while (isReading()) {
      await pause();
      const model = recall(hash);
      if (model) return model;
    }
    const startMs = Date.now();
    readingSinceMs = startMs;
    const name = shownHashOf(hash);
    try {
      const file = await read(name);
      const found = await sha256Of(file);
      if (found !== sha256) throw new TypeError(`its SHA-256 is ${found}, expected ${sha256}`);
      const model = createModel(kernel, file);
      // Models are read when they are first used: here, where errors are expected.
      void model.sampler;
      keep(hash, model);
      return model;
    } catch (error) {
      throw new ModelFileError(name, error);
    } finally {
      if (readingSinceMs === startMs) readingSinceMs = undefined;
    }
  }

  return {
    names: listed.map(({ hash }) => shownHashOf(hash)),
    find(digits, read) {
      const model = listed.find(({ hash }) => hash.startsWith(digits));
      return model && (recall(model.hash) ?? load(model, read));
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LOOK_MS);
  });
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
