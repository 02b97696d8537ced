/**
 * Shows the progress of long work: a bar with rate and time left on a terminal, plain lines every so
 * often elsewhere. It measures its own rate, and decides nothing.
 */

/** What there is to show after a step. */
export interface Status {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Means over the steps of this epoch. */
  readonly discriminatorLoss: number;
  readonly generatorLoss: number;
  /** The newest Fréchet distance, if one was measured. */
  readonly frechet?: number | undefined;
}

/** How a run talks to its user. */
export interface Progress {
  /** Writes a line. */
  say(line: string): void;
  /** To be called after each step. */
  stepped(status: Status): void;
  /** To be called after other work between two steps, which should not count as a step's time. */
  paused(): void;
  /** Ends the line of a bar that is not full, so that whatever comes next starts a new one. */
  end(): void;
}

/** What is written to: process.stdout, or a test's. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const PLAIN_LINE_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 100;
const DEFAULT_COLUMNS = 120;
const BAR_CELLS = 20;
/** Weight of the newest step in the running mean of a step's time. */
const NEWEST = 0.05;

/** @param now the time in milliseconds */
export function createProgress(
  output: Output,
  now: () => number = () => performance.now(),
): Progress {
  const isTerminal = output.isTTY === true;
  let shownMs = Number.NEGATIVE_INFINITY;
  let steppedMs: number | undefined;
  let stepMs: number | undefined;
  let isBarOpen = false;

  function end(): void {
    if (isBarOpen) output.write('\n');
    isBarOpen = false;
  }

  function paused(): void {
    steppedMs = undefined;
  }

  function say(line: string): void {
    end();
    paused();
    output.write(`${line}\n`);
  }

  function stepped(status: Status): void {
    const time = now();
    if (steppedMs !== undefined) {
      const lastMs = time - steppedMs;
      stepMs = stepMs === undefined ? lastMs : stepMs + NEWEST * (lastMs - stepMs);
    }
    steppedMs = time;
    const isEpochDone = status.step === status.stepsPerEpoch;
    const isRunDone = isEpochDone && status.epoch === status.epochs;
    if (isTerminal) {
      if (!isEpochDone && time - shownMs < REDRAW_EVERY_MS) return;
      const line = barLine(status, stepMs).slice(0, (output.columns ?? DEFAULT_COLUMNS) - 1);
      redraw(output, line, isEpochDone);
      isBarOpen = !isEpochDone;
    } else {
      if (!isRunDone && time - shownMs < PLAIN_LINE_EVERY_MS) return;
      output.write(`${plainLine(status, stepMs)}\n`);
    }
    shownMs = time;
  }

  return { say, stepped, paused, end };
}

/**
 * Shows the progress of work that consists of equal parts, such as digits.
 * @returns what to call with the number of parts done so far
 */
export function createCounter(
  output: Output,
  parts: { readonly total: number; readonly name: string },
  now: () => number = () => performance.now(),
): (done: number) => void {
  const { total, name } = parts;
  const isTerminal = output.isTTY === true;
  const startedMs = now();
  let shownMs = startedMs;
  return (done) => {
    const time = now();
    if (!isTerminal && done < total && time - shownMs < PLAIN_LINE_EVERY_MS) return;
    shownMs = time;
    const rate = (done / (time - startedMs)) * 1000;
    const pace = `${RATE.format(rate)} ${name}/s, ${duration((total - done) / rate)} left`;
    const line = `${done} of ${total} ${name} · ${pace}`;
    if (isTerminal) redraw(output, `${bar(done, total)} ${line}`, done === total);
    else output.write(`${line}\n`);
  };
}

/** Writes over the line that the cursor is on, and clears what is left of it. */
function redraw(output: Output, line: string, isDone: boolean): void {
  output.write(`\r${line}\u001B[K${isDone ? '\n' : ''}`);
}

function bar(done: number, total: number): string {
  const filled = Math.round((done / total) * BAR_CELLS);
  return '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
}

function barLine(status: Status, stepMs: number | undefined): string {
  const { epoch, epochs, step, stepsPerEpoch } = status;
  const epochCount = `${pad(epoch, epochs)}/${epochs}`;
  const stepCount = `${pad(step, stepsPerEpoch)}/${stepsPerEpoch}`;
  const counts = `epoch ${epochCount} ${bar(step, stepsPerEpoch)} ${stepCount}`;
  return `${counts} · ${figuresOf(status)}${paceOf(status, stepMs)}`;
}

function plainLine(status: Status, stepMs: number | undefined): string {
  const { epoch, epochs, step, stepsPerEpoch } = status;
  const counts = `epoch ${epoch}/${epochs}, step ${step}/${stepsPerEpoch}`;
  return `${counts} · ${figuresOf(status)}${paceOf(status, stepMs)}`;
}

function figuresOf({ discriminatorLoss, generatorLoss, frechet }: Status): string {
  const losses = `losses ${discriminatorLoss.toFixed(3)} (D) ${generatorLoss.toFixed(3)} (G)`;
  return frechet === undefined ? losses : `${losses} · Fréchet ${frechet.toFixed(2)}`;
}

function paceOf(status: Status, stepMs: number | undefined): string {
  if (stepMs === undefined) return '';
  const { epoch, epochs, step, stepsPerEpoch } = status;
  const stepsLeft = (epochs - epoch) * stepsPerEpoch + stepsPerEpoch - step;
  return ` · ${(1000 / stepMs).toFixed(1)} steps/s, ${duration((stepsLeft * stepMs) / 1000)} left`;
}

function pad(count: number, max: number): string {
  return String(count).padStart(String(max).length);
}

/** Three digits that count, as people write them: `0.0123`, `2.50`, `43.1`, `3,440`. */
const RATE = new Intl.NumberFormat('en', {
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});

/** `45 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
