/** Path data of horizontal and vertical lines: https://www.w3.org/TR/SVG2/paths.html#PathData */

/** A letter or a space, a sign and the digits of any number, twice. */
const MAX_COMMAND_BYTES = 2 * 18;

const M = 0x6d;
const H = 0x68;
const V = 0x76;
const Z = 0x7a;
const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;

const ascii = new TextDecoder();

/** All commands are relative, which takes fewer digits. */
export class PathWriter {
  #bytes = new Uint8Array(512);
  #size = 0;
  /** Where the last outline began. */
  #x = 0;
  #y = 0;

  /** Begins an outline at a corner, in whole pixels from the left and from the top. */
  move(x: number, y: number): void {
    this.#command(M);
    this.#signed(x - this.#x);
    if (y >= this.#y) this.#bytes[this.#size++] = SPACE;
    this.#signed(y - this.#y);
    this.#x = x;
    this.#y = y;
  }

  /** @param direction right, down, left, up: 0 … 3; @param length in pixels, at least 1 */
  line(direction: number, length: number): void {
    this.#command(direction % 2 === 0 ? H : V);
    if (direction >= 2) this.#bytes[this.#size++] = MINUS;
    this.#digits(length);
  }

  /** Ends an outline with a line back to where it began. */
  close(): void {
    this.#command(Z);
  }

  toString(): string {
    return ascii.decode(this.#bytes.subarray(0, this.#size));
  }

  #command(letter: number): void {
    if (this.#size + MAX_COMMAND_BYTES > this.#bytes.length) {
      const longer = new Uint8Array(this.#bytes.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.#size++] = letter;
  }

  #signed(value: number): void {
    if (value < 0) this.#bytes[this.#size++] = MINUS;
    this.#digits(Math.abs(value));
  }

  #digits(value: number): void {
    if (value >= 10) this.#digits(Math.floor(value / 10));
    this.#bytes[this.#size++] = ZERO + (value % 10);
  }
}
