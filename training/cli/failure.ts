/**
 * What a command says when it cannot go on, and how a command ends.
 * Bugs are not failures in this sense: they keep their stack trace.
 */

import { writeSync } from 'node:fs';

import { endWithNpm } from './parent.ts';

/** Something that a user can act on: one line that says what was found, what is expected, what to do. */
export class Failure extends Error {
  override name = 'Failure';
  /** 1: failed; 2: wrong use of the command. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A disk without room for a file. */
export class DiskFullError extends Failure {
  override name = 'DiskFullError';
}

/** A flag that is unknown, malformed, out of range or in conflict. */
export class UsageError extends Failure {
  override name = 'UsageError';

  constructor(message: string) {
    super(message, 2);
  }
}

/**
 * Runs a command's main function. A {@link Failure}, and what the operating system refuses (a full
 * disk, a file that may not be read), becomes one line and an exit code.
 */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  endWithNpm();
  // Whoever read the output has seen enough (`| head`) or is gone (a closed terminal): the work goes on.
  let lost: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => (lost ??= error));
  process.stderr.on('error', () => {});
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Failure) && !isSystemError(error)) throw error;
    complain(reasonOf(error));
    process.exitCode = error instanceof Failure ? error.exitCode : 1;
  }
  if (lost && lost.code !== 'EPIPE') complain(`Some of the output was lost: ${reasonOf(lost)}.`);
}

function complain(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody is there to read it.
  }
}

/** Whether the operating system has refused something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** The message of whatever was thrown, in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
}
