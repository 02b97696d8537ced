/**
 * How threads share a task: the control block of abi.ts in the shared heap, with a generation that announces a task,
 * counters from which threads take chunks, a barrier, and the number of threads that are still working. A wait spins
 * for a while, since the next task of a training step is usually microseconds away, and then sleeps on the word it
 * waits for. What a task computes is not known here.
 */

import {
  ARGUMENTS,
  ARRIVED,
  COUNTERS,
  COUNTER_WORDS,
  GENERATION,
  OPERATION,
  PASSED,
  PATIENCE_MS,
  SPINS,
  STATE,
  THREADS,
  WORKING,
} from './abi';

/** What STATE holds. */
const RUNNING: i32 = 0;
const STOPPING: i32 = 1;
const BROKEN: i32 = 2;

let control: usize = 0;

/** Binds this instance to the control block at `address`, which is zeroed and aligned to a cache line. */
export function bind(address: usize): void {
  control = address;
}

/** The address of a word of the control block. */
function word(index: i32): usize {
  return control + ((<usize>index) << 2);
}

/** The task's argument in this slot: an address, a size or an integer. */
export function argument(slot: i32): u32 {
  return load<u32>(word(ARGUMENTS + slot));
}

/** The task's argument in this slot: a float32. */
export function floatArgument(slot: i32): f32 {
  return load<f32>(word(ARGUMENTS + slot));
}

export function operation(): i32 {
  return load<i32>(word(OPERATION));
}

export function threadCount(): i32 {
  return load<i32>(word(THREADS));
}

/** The next number, from 0, of counter `counter` (0 or 1): each number goes to one thread. */
export function nextChunk(counter: i32): i32 {
  return atomic.add<i32>(word(COUNTERS + counter * COUNTER_WORDS), 1);
}

/** Whether the pool has ended, because it was stopped or because a thread died. */
export function broken(): bool {
  return atomic.load<i32>(word(STATE)) != RUNNING;
}

function patienceMs(): i32 {
  return load<i32>(word(PATIENCE_MS));
}

/** A wait is cut into slices, so that in a process that was frozen for a while no thread takes the others for dead. */
const SLICE_MS: i32 = 100;
/** A patience that never ends. */
const FOREVER: i32 = -1;

/** Waits until the word at `address` is no longer `value`; false if the pool ended or patience ran out. */
function waitWhile(address: usize, value: i32, patience: i32): bool {
  let spins = load<i32>(word(SPINS));
  let waitedMs = 0;
  while (atomic.load<i32>(address) == value) {
    if (spins > 0) {
      spins--;
      continue;
    }
    if (broken()) return false;
    const timeoutNs: i64 = patience == FOREVER ? -1 : <i64>SLICE_MS * 1_000_000;
    // 2: timed out, and the word still has this value.
    if (atomic.wait<i32>(address, value, timeoutNs) == 2) {
      waitedMs += SLICE_MS;
      if (waitedMs >= patience) return false;
    }
  }
  return !broken();
}

function breakPool(): void {
  atomic.store<i32>(word(STATE), BROKEN);
}

/** Returns when every thread has come this far in the task; traps if one never does. */
export function barrier(): void {
  const threads = threadCount();
  if (threads == 1) return;
  const passed = atomic.load<i32>(word(PASSED));
  if (atomic.add<i32>(word(ARRIVED), 1) == threads - 1) {
    atomic.store<i32>(word(ARRIVED), 0);
    atomic.add<i32>(word(PASSED), 1);
    atomic.notify(word(PASSED), -1);
  } else if (!waitWhile(word(PASSED), passed, patienceMs())) {
    breakPool();
    unreachable();
  }
}

/** Main thread: announces the task that lies in the control block. */
export function announce(): void {
  atomic.store<i32>(word(COUNTERS), 0);
  atomic.store<i32>(word(COUNTERS + COUNTER_WORDS), 0);
  const threads = threadCount();
  if (threads == 1) return;
  atomic.store<i32>(word(WORKING), threads - 1);
  atomic.add<i32>(word(GENERATION), 1);
  atomic.notify(word(GENERATION), -1);
}

/** Main thread: waits until the helpers are done with the task; false if one died. */
export function joined(): bool {
  let working = threadCount() == 1 ? 0 : atomic.load<i32>(word(WORKING));
  while (working > 0) {
    if (!waitWhile(word(WORKING), working, patienceMs())) {
      breakPool();
      return false;
    }
    working = atomic.load<i32>(word(WORKING));
  }
  return !broken();
}

/** The generation of the last task that this thread took. */
let seen: i32 = 0;

/** Helpers: waits for the next task; false if the pool ends. */
export function nextTask(): bool {
  if (!waitWhile(word(GENERATION), seen, FOREVER)) return false;
  seen = atomic.load<i32>(word(GENERATION));
  return true;
}

/** Helpers: done with the task. */
export function done(): void {
  if (atomic.sub<i32>(word(WORKING), 1) == 1) atomic.notify(word(WORKING), 1);
}

/** Any thread: ends the pool, so that waiting threads return; `died` says that a thread died over its work. */
export function endPool(died: bool): void {
  atomic.store<i32>(word(STATE), died ? BROKEN : STOPPING);
  atomic.add<i32>(word(GENERATION), 1);
  atomic.notify(word(GENERATION), -1);
  atomic.add<i32>(word(PASSED), 1);
  atomic.notify(word(PASSED), -1);
  atomic.add<i32>(word(WORKING), 1);
  atomic.notify(word(WORKING), -1);
}
