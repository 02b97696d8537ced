/**
 * How threads share one task: a control block in the shared heap, a generation that announces a task, counters
 * from which threads take chunks, a barrier, and a count of threads still at work. Waiting spins for a while,
 * since the next task of a training step is usually microseconds away, and then sleeps on the word it waits for.
 * It knows nothing of what a task computes.
 */

/** The control block's words of 4 bytes; the sixteen groups of counters lie on cache lines of their own. */
const GENERATION: usize = 0;
const WORKING: usize = 64;
const ARRIVED: usize = 128;
const PASSED: usize = 192;
const CHUNKS: usize = 256; // two counters, 64 bytes apart
const STATE: usize = 384;
const THREADS: usize = 388;
const SPINS: usize = 392;
const PATIENCE_MS: usize = 396;
const OPERATION: usize = 448;
const ARGUMENTS: usize = 452;

/** What STATE holds. */
const RUNNING: i32 = 0;
const STOPPING: i32 = 1;
const BROKEN: i32 = 2;

let control: usize = 0;

/** Binds this instance to the control block at `address` (512 bytes, zeroed, 64-byte aligned). */
export function bind(address: usize): void {
  control = address;
}

/** Word `index` of the task's arguments. */
export function argument(index: i32): u32 {
  return load<u32>(control + ARGUMENTS + ((<usize>index) << 2));
}

export function floatArgument(index: i32): f32 {
  return load<f32>(control + ARGUMENTS + ((<usize>index) << 2));
}

export function operation(): i32 {
  return load<i32>(control + OPERATION);
}

export function threadCount(): i32 {
  return load<i32>(control + THREADS);
}

/** The next number, from 0, of counter `counter` (0 or 1): each number goes to one thread. */
export function nextChunk(counter: usize): i32 {
  return atomic.add<i32>(control + CHUNKS + (counter << 6), 1);
}

/** Whether the pool has ended, by order or by a thread's death. */
export function broken(): bool {
  return atomic.load<i32>(control + STATE) != RUNNING;
}

/** A thread that does not answer for this long is taken for dead: tasks take milliseconds. */
function patienceMs(): i32 {
  return load<i32>(control + PATIENCE_MS);
}

/** A wait is cut in slices, so that a process that was frozen for a while does not take the others for dead. */
const SLICE_MS: i32 = 100;
/** A patience that never ends. */
const FOREVER: i32 = -1;

/** Waits until the word at `address` is no longer `value`; false where the pool ended or patience did. */
function waitWhile(address: usize, value: i32, patience: i32): bool {
  let spins = load<i32>(control + SPINS);
  let waitedMs = 0;
  while (atomic.load<i32>(address) == value) {
    if (spins > 0) {
      spins--;
      continue;
    }
    if (broken()) return false;
    const timeoutNs: i64 = patience == FOREVER ? -1 : <i64>SLICE_MS * 1_000_000;
    // 2: timed out, while the value was still there.
    if (atomic.wait<i32>(address, value, timeoutNs) == 2) {
      waitedMs += SLICE_MS;
      if (waitedMs >= patience) return false;
    }
  }
  return !broken();
}

function breakPool(): void {
  atomic.store<i32>(control + STATE, BROKEN);
}

/** Returns when every thread has come this far in the task. A trap where one never comes. */
export function barrier(): void {
  const threads = threadCount();
  if (threads == 1) return;
  const passed = atomic.load<i32>(control + PASSED);
  if (atomic.add<i32>(control + ARRIVED, 1) == threads - 1) {
    atomic.store<i32>(control + ARRIVED, 0);
    atomic.add<i32>(control + PASSED, 1);
    atomic.notify(control + PASSED, -1);
  } else if (!waitWhile(control + PASSED, passed, patienceMs())) {
    breakPool();
    unreachable();
  }
}

/** Main thread: announces the task that lies in the control block. */
export function announce(): void {
  atomic.store<i32>(control + CHUNKS, 0);
  atomic.store<i32>(control + CHUNKS + 64, 0);
  const threads = threadCount();
  if (threads == 1) return;
  atomic.store<i32>(control + WORKING, threads - 1);
  atomic.add<i32>(control + GENERATION, 1);
  atomic.notify(control + GENERATION, -1);
}

/** Main thread: waits for the others to be done with the task; false where one died. */
export function joined(): bool {
  let working = threadCount() == 1 ? 0 : atomic.load<i32>(control + WORKING);
  while (working > 0) {
    if (!waitWhile(control + WORKING, working, patienceMs())) {
      breakPool();
      return false;
    }
    working = atomic.load<i32>(control + WORKING);
  }
  return !broken();
}

/** The generation of the task that this thread took last. */
let seen: i32 = 0;

/** Other threads: waits for the next task; false where the pool ends. */
export function nextTask(): bool {
  if (!waitWhile(control + GENERATION, seen, FOREVER)) return false;
  seen = atomic.load<i32>(control + GENERATION);
  return true;
}

/** Other threads: done with the task. */
export function done(): void {
  if (atomic.sub<i32>(control + WORKING, 1) == 1) atomic.notify(control + WORKING, 1);
}

/** Any thread: ends the pool; waiting threads return. `state` is STOPPING, or BROKEN where a thread died. */
export function endPool(died: bool): void {
  atomic.store<i32>(control + STATE, died ? BROKEN : STOPPING);
  atomic.add<i32>(control + GENERATION, 1);
  atomic.notify(control + GENERATION, -1);
  atomic.add<i32>(control + PASSED, 1);
  atomic.notify(control + PASSED, -1);
  atomic.add<i32>(control + WORKING, 1);
  atomic.notify(control + WORKING, -1);
}
