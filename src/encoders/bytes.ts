/** Putting bytes together: bit by bit, part by part, and data behind a header that says its shape. */

/** Bits → bytes, the first bit lowest: https://www.rfc-editor.org/rfc/rfc1951#section-3.1.1 */
export class BitWriter {
  #bytes = new Uint8Array(1024);
  #size = 0;
  /** Bits that do not fill two bytes yet. */
  #pending = 0;
  #pendingBits = 0;

  /** @param bits 0 … 2^length − 1; @param length 0 … 16 */
  put(bits: number, length: number): void {
    this.#pending |= bits << this.#pendingBits;
    this.#pendingBits += length;
    if (this.#pendingBits < 16) return;
    if (this.#size + 2 > this.#bytes.length) this.#bytes = twiceAsLong(this.#bytes);
    this.#bytes[this.#size++] = this.#pending;
    this.#bytes[this.#size++] = this.#pending >>> 8;
    this.#pending >>>= 16;
    this.#pendingBits -= 16;
  }

  /** Zeros up to the next byte. */
  fillByte(): void {
    this.put(0, -this.#pendingBits & 7);
  }

  /** All of it; the last byte must be full. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.#size + this.#pendingBits / 8);
    whole.set(this.#bytes.subarray(0, this.#size));
    if (this.#pendingBits > 0) whole[this.#size] = this.#pending;
    return whole;
  }
}

function twiceAsLong(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(bytes.length * 2);
  longer.set(bytes);
  return longer;
}

/** One after the other. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Characters U+0000 … U+00FF as a byte each. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** @throws {RangeError} if there is not as much data as the shape says */
export function checkShape(shape: readonly number[], data: Uint8Array): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length === expected) return;
  throw new RangeError(
    `there are ${data.length} bytes, expected ${expected} for the shape ${shape.join(' × ')}`,
  );
}
