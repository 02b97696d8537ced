/** What encoders put bytes together with: bits, parts, text, and data whose size a shape must match. */

/** Packs bits into bytes, lowest bit first, as deflate and GIF do: https://www.rfc-editor.org/rfc/rfc1951#section-3.1.1 */
export class BitWriter {
  #bytes = new Uint8Array(1024);
  #size = 0;
  /** Bits that do not make two bytes yet. */
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

  /** Pads the last byte with zeros. */
  fillByte(): void {
    this.put(0, -this.#pendingBits & 7);
  }

  /** All bytes written; the last one must be full. */
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

/** The parts, one after the other. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The bytes of a text of ASCII characters. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

const encoder = new TextEncoder();

/** @throws {RangeError} if the shape asks for more or fewer bytes than there are */
export function checkShape(shape: readonly number[], data: Uint8Array): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length === expected) return;
  throw new RangeError(
    `found ${data.length} bytes, expected ${expected} for the shape ${shape.join(' × ')}`,
  );
}
