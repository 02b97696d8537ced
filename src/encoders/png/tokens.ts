/**
 * Bytes → what deflate writes: literals, and matches with earlier bytes. A match goes back by one byte,
 * within a run, or by a whole stretch that repeats.
 *
 * Not here: a search for other matches, which would find next to nothing: zlib's level 9 makes 321 bytes
 * of a digit and 26,995 of a hundred, where this makes 323 and 27,298.
 */

/** The same bytes `times` times in a row, at least once, such as equal rows of a picture. */
export interface Stretch {
  /** At least one. */
  readonly bytes: Uint8Array;
  readonly times: number;
}

/** In bytes: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5 */
export const MAX_MATCH = 258;
export const MIN_MATCH = 3;
const MAX_DISTANCE = 32768;

/** A literal is its byte; a match is 65536 times its length plus its distance. */
export type Token = number;

export class Tokens {
  readonly list: Token[] = [];
  /** The value of the last run, which may go on, and how much of the run is not in the list yet. */
  #value = -1;
  #count = 0;
  /** Whether the list ends with a literal of the run or a match within it. */
  #written = false;

  add({ bytes, times }: Stretch): void {
    this.#scan(bytes);
    const left = bytes.length * (times - 1);
    if (left === 0) return;
    const tail = startOfLastRun(bytes);
    if (tail === 0) {
      this.#count += left;
    } else if (left >= MIN_MATCH && bytes.length <= MAX_DISTANCE) {
      this.end();
      this.#repeat(bytes.length, tail, left);
    } else {
      for (let i = 1; i < times; i++) this.#scan(bytes);
    }
  }

  /** Lists the rest of the last run. */
  end(): void {
    if (this.#count > 0 && !this.#written) {
      this.list.push(this.#value);
      this.#written = true;
      this.#count--;
    }
    while (this.#count >= MIN_MATCH) {
      const length = nextMatch(this.#count);
      this.list.push(matchOf(length, 1));
      this.#count -= length;
    }
    for (; this.#count > 0; this.#count--) this.list.push(this.#value);
  }

  #scan(bytes: Uint8Array): void {
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      const value = bytes[start];
      for (end = start + 1; end < bytes.length && bytes[end] === value;) end++;
      if (value !== this.#value) {
        this.end();
        this.#value = value;
        this.#written = false;
      }
      this.#count += end - start;
    }
  }

  /**
   * Lists `left` bytes that equal those `period` bytes earlier. Matches that far back span any runs, but
   * within the last run, which begins at `tail`, going back by one byte saves the distance's extra bits.
   */
  #repeat(period: number, tail: number, left: number): void {
    for (let at = 0; left > 0;) {
      const length = nextMatch(left);
      const isInRun = at > tail && at + length <= period;
      this.list.push(matchOf(length, isInRun ? 1 : period));
      at = (at + length) % period;
      left -= length;
    }
  }
}

const matchOf = (length: number, distance: number): Token => (length << 16) | distance;

/** The longest match for `left` bytes, at least 3, that leaves none or enough for another. */
function nextMatch(left: number): number {
  if (left <= MAX_MATCH) return left;
  return Math.min(left - MIN_MATCH, MAX_MATCH);
}

function startOfLastRun(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && bytes[start - 1] === bytes[start]) start--;
  return start;
}
