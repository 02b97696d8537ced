/** What an attack on files is made of: something that reads or writes them, and cases that must not break it. */

import * as fc from 'fast-check';

/** A reader of files, or a writer. */
export interface Subject {
  readonly name: string;
  /** Checks one case, which throws where it is broken. */
  readonly property: fc.IAsyncProperty<unknown>;
  /** What can only be looked at when all cases are done; throws where one is broken. */
  finish?(): void;
}

/** CPU time of one case, and growth of the process's memory in one: above them, something is out of proportion. */
const MAX_CASE_MS = 3000;
const MAX_CASE_BYTES = 64 * 2 ** 20;

/**
 * @param cases fast-check's recipe for them
 * @param check throws where the case breaks something
 */
export function subject<Case>(
  name: string,
  cases: fc.Arbitrary<Case>,
  check: (input: Case) => void | Promise<void>,
  finish?: () => void,
): Subject {
  const property = fc.asyncProperty(cases, async (input) => inProportion(() => check(input)));
  return { name, property, ...(finish && { finish }) };
}

/** Runs a case. @throws Error if it takes more time or memory than any should */
async function inProportion(run: () => void | Promise<void>): Promise<void> {
  const [timeBefore, memoryBefore] = [process.cpuUsage(), process.resourceUsage().maxRSS];
  await run();
  const { user, system } = process.cpuUsage(timeBefore);
  const ms = (user + system) / 1000;
  const bytes = (process.resourceUsage().maxRSS - memoryBefore) * 1024;
  if (ms > MAX_CASE_MS) throw new Error(`it takes ${Math.round(ms)} ms of CPU time`);
  if (bytes > MAX_CASE_BYTES) throw new Error(`it takes ${Math.round(bytes / 2 ** 20)} MiB`);
}

/**
 * Tries so many cases.
 * @returns what is broken, with the smallest case that shows it and what repeats it; undefined if nothing is
 */
export async function faultOf(
  { name, property, finish }: Subject,
  seed: number,
  cases: number,
  done: () => void = () => {},
): Promise<string | undefined> {
  const counted: fc.IAsyncProperty<unknown> = Object.create(property, {
    run: {
      value: (input: unknown) => {
        done();
        return property.run(input);
      },
    },
  }) as fc.IAsyncProperty<unknown>;
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(counted, {
    seed,
    numRuns: cases,
  });
  if (failed) {
    const smallest = fc.stringify(counterexample).slice(0, 300);
    return `${name}: ${shown(errorInstance)}; case ${counterexamplePath}: ${smallest}`;
  }
  try {
    finish?.();
    return undefined;
  } catch (error) {
    return `${name}: ${shown(error)}`;
  }
}

function shown(error: unknown): string {
  return String(error).replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** Does nothing where an error of one of these kinds is thrown: a named refusal is right. */
export async function refusedOr(
  kinds: readonly (abstract new (...parameters: never[]) => Error)[],
  read: () => void | Promise<void>,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
  }
}

/** @throws Error unless both are the same bytes */
export function requireSame(what: string, found: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(found, expected) === 0) return;
  throw new Error(`${what}: found ${found.length} bytes, expected ${expected.length} others`);
}
