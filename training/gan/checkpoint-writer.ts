/**
 * Writes checkpoints beside the training: a trainer's tensors are copied, some milliseconds in which no step may run,
 * and a thread does the rest (checkpoint-thread.ts). One checkpoint at a time is on its way. Not here: what a file
 * holds (checkpoint.ts), and when to save (loop.ts).
 */

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { DiskFullError, Failure } from '../cli/failure.ts';
import type { CheckpointState, CheckpointTensor } from './checkpoint.ts';
import { NotFiniteError } from './not-finite.ts';
import type { Position } from './position.ts';
import { tensorsBytes, tensorsOf } from './trainer-tensors.ts';
import type { Trainer } from './trainer.ts';

/** A checkpoint that is whole and on the disk. */
export interface Saved {
  readonly path: string;
  readonly position: Position;
}

/** What the thread starts with: the copies of all tensors lie in this memory. */
export interface ThreadData {
  readonly memory: SharedArrayBuffer;
}

/** What the thread is asked to write. */
export interface Task {
  readonly folder: string;
  readonly state: CheckpointState;
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    /** Where its numbers lie, in bytes. */
    readonly offset: number;
    readonly size: number;
  }[];
}

/** What the thread answers: the path of the file, or why there is none. */
export type Answer =
  | { readonly path: string }
  | { readonly failure: keyof typeof ERRORS; readonly message: string };

const ERRORS = { NotFinite: NotFiniteError, DiskFull: DiskFullError, Failure, Bug: Error } as const;

export class CheckpointWriter {
  readonly #folder: string;
  readonly #trainer: Trainer;
  readonly #thread: Worker;
  readonly #memory: SharedArrayBuffer;
  #saved: Saved | undefined;
  /** The checkpoint on its way: settles once it is written or has failed, and never rejects. */
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #answered: (answer: Answer) => void = () => {};

  /** @param saved the checkpoint that the run goes on from */
  constructor(folder: string, trainer: Trainer, saved?: Saved) {
    this.#folder = folder;
    this.#trainer = trainer;
    this.#saved = saved;
    this.#memory = new SharedArrayBuffer(tensorsBytes(trainer));
    // Memory that was never touched would make the first copy take twice its time.
    new Uint8Array(this.#memory).fill(0);
    const workerData: ThreadData = { memory: this.#memory };
    const file = fileURLToPath(new URL('checkpoint-thread.ts', import.meta.url));
    this.#thread = new Worker(file, { workerData });
    this.#thread.on('message', (answer: Answer) => this.#answered(answer));
    const ended = (reason: string): void => {
      const message = `The thread that writes checkpoints ended (${reason}).`;
      this.#answered({ failure: 'Failure', message });
      this.#failure ??= new Failure(message);
    };
    this.#thread.on('error', (error) => ended((error as Error).message));
    this.#thread.on('exit', (code) => ended(`exit code ${code}`));
    this.#thread.unref();
  }

  /** The newest checkpoint that is whole and on the disk. */
  get saved(): Saved | undefined {
    return this.#saved;
  }

  /**
   * Copies the trainer's tensors and has them written, once the checkpoint before is.
   * @throws what {@link check} throws
   */
  async save(state: Omit<CheckpointState, 'iterations'>): Promise<void> {
    await this.settle();
    const { tensors, iterations } = await tensorsOf(this.#trainer);
    const task: Task = {
      folder: this.#folder,
      state: { ...state, iterations },
      tensors: this.#copy(tensors),
    };
    // While it writes, the thread keeps the process alive.
    this.#thread.ref();
    this.#writing = new Promise((resolve) => {
      this.#answered = (answer) => {
        if ('path' in answer) this.#saved = { path: answer.path, position: state.position };
        else this.#failure ??= errorOf(answer);
        this.#thread.unref();
        resolve();
      };
    });
    this.#thread.postMessage(task);
  }

  /** @throws what has kept a checkpoint from being written: NotFiniteError, a Failure, or the system's refusal */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Waits until no checkpoint is on its way. @throws what {@link check} throws */
  async settle(): Promise<void> {
    await this.#writing;
    this.check();
  }

  /** Lets the checkpoint on its way be written, and ends the thread. */
  async stop(): Promise<void> {
    await this.#writing;
    this.#thread.removeAllListeners();
    await this.#thread.terminate();
  }

  #copy(tensors: readonly CheckpointTensor[]): Task['tensors'] {
    let end = 0;
    return tensors.map(({ name, shape, data }) => {
      const offset = end;
      end += data.byteLength;
      new Float32Array(this.#memory, offset, data.length).set(data);
      return { name, shape, offset, size: data.length };
    });
  }
}

function errorOf({ failure, message }: Exclude<Answer, { readonly path: string }>): Error {
  return new ERRORS[failure](message);
}
