/**
 * What the terminal shows while a run goes on: a bar for each epoch, or plain lines every so often
 * where there is no terminal. It measures nothing but its own rate and decides nothing.
 */

/** What there is to show after a step. */
export interface Status {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Steps done in this epoch. */
  step: number;
  stepsPerEpoch: number;
  /** Means over the steps of this epoch. */
  discriminatorLoss: number;
  generatorLoss: number;
}

/** How a run talks to its user. */
export interface Progress {
  /** A line of its own. */
  say(line: string): void;
  /** After each step. */
  stepped(status: Status): void;
  /** Whatever is written next starts on a line of its own. */
  end(): void;
}

/** What is written to: process.stdout, or a test's. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const PLAIN_LINE_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 100;
const BAR_CELLS = 20;
/** Weight of the newest step in the running mean of a step's time. */
const NEWEST = 0.05;

/** @param now the time in milliseconds */
export function createProgress(
  output: Output,
  now: () => number = () => performance.now(),
): Progress {
  const terminal = output.isTTY === true;
  let shownMs = Number.NEGATIVE_INFINITY;
  let steppedMs: number | undefined;
  let stepMs: number | undefined;
  let barOpen = false;

  function end(): void {
    if (barOpen) output.write('\n');
    barOpen = false;
  }

  function say(line: string): void {
    end();
    // Whatever comes between two steps is no part of a step's time.
    steppedMs = undefined;
    output.write(`${line}\n`);
  }

  function stepped(status: Status): void {
    const time = now();
    if (steppedMs !== undefined) {
      const lastMs = time - steppedMs;
      stepMs = stepMs === undefined ? lastMs : stepMs + NEWEST * (lastMs - stepMs);
    }
    steppedMs = time;
    const epochDone = status.step === status.stepsPerEpoch;
    const runDone = epochDone && status.epoch === status.epochs;
    if (terminal) {
      if (!epochDone && time - shownMs < REDRAW_EVERY_MS) return;
      const line = barLine(status, stepMs).slice(0, (output.columns ?? 120) - 1);
      // Return to the line's start, write, clear what is left of the longer line before.
      output.write(`\r${line}\u001B[K${epochDone ? '\n' : ''}`);
      barOpen = !epochDone;
    } else {
      if (!runDone && time - shownMs < PLAIN_LINE_EVERY_MS) return;
      output.write(`${plainLine(status, stepMs)}\n`);
    }
    shownMs = time;
  }

  return { say, stepped, end };
}

/**
 * The progress of work of so many equal parts: a bar on a terminal, a line every so often elsewhere.
 * @returns what to call with the number of parts that are done
 */
export function createCounter(
  output: Output,
  parts: { total: number; name: string },
  now: () => number = () => performance.now(),
): (done: number) => void {
  const { total, name } = parts;
  const startedMs = now();
  let shownMs = startedMs;
  return (done) => {
    const time = now();
    const terminal = output.isTTY === true;
    if (!terminal && done < total && time - shownMs < PLAIN_LINE_EVERY_MS) return;
    shownMs = time;
    const rate = (done / (time - startedMs)) * 1000;
    const pace = `${rate.toPrecision(3)} ${name}/s, ${duration((total - done) / rate)} left`;
    const text = `${done} of ${total} ${name} · ${pace}`;
    const filled = Math.round((done / total) * BAR_CELLS);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
    output.write(terminal ? `\r${bar} ${text}\u001B[K${done === total ? '\n' : ''}` : `${text}\n`);
  };
}

function barLine(status: Status, stepMs: number | undefined): string {
  const { epoch, epochs, step, stepsPerEpoch } = status;
  const filled = Math.round((step / stepsPerEpoch) * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const counts = `${pad(epoch, epochs)}/${epochs} ${bar} ${pad(step, stepsPerEpoch)}/${stepsPerEpoch}`;
  return `epoch ${counts} · ${lossesOf(status)}${paceOf(status, stepMs)}`;
}

function plainLine(status: Status, stepMs: number | undefined): string {
  const { epoch, epochs, step, stepsPerEpoch } = status;
  const counts = `epoch ${epoch}/${epochs}, step ${step}/${stepsPerEpoch}`;
  return `${counts} · ${lossesOf(status)}${paceOf(status, stepMs)}`;
}

function lossesOf({ discriminatorLoss, generatorLoss }: Status): string {
  return `losses ${discriminatorLoss.toFixed(3)} (D) ${generatorLoss.toFixed(3)} (G)`;
}

function paceOf(status: Status, stepMs: number | undefined): string {
  if (stepMs === undefined) return '';
  const { epoch, epochs, step, stepsPerEpoch } = status;
  const stepsLeft = (epochs - epoch) * stepsPerEpoch + stepsPerEpoch - step;
  return ` · ${(1000 / stepMs).toFixed(1)} steps/s, ${duration((stepsLeft * stepMs) / 1000)} left`;
}

function pad(count: number, most: number): string {
  return String(count).padStart(String(most).length);
}

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
