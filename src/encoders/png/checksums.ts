/** The two checksums of a PNG file: CRC-32 of each chunk, Adler-32 of the data before deflate. */

/** CRC-32 of bytes: https://www.w3.org/TR/png-3/#5CRC-algorithm, polynomial 0xEDB88320 (reflected). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The largest prime below 2¹⁶: https://www.rfc-editor.org/rfc/rfc1950#section-8.2 */
const ADLER_MODULUS = 65521;
/** So many bytes leave both sums below 2³², whatever they are. */
const ADLER_BYTES = 5552;

/** Adler-32: https://www.rfc-editor.org/rfc/rfc1950#section-8.2 */
export class Adler32 {
  /** 1 + Σ bytes. */
  #sum = 1;
  /** Σ of #sum after each byte. */
  #sums = 0;

  get value(): number {
    return ((this.#sums << 16) | this.#sum) >>> 0;
  }

  /** The bytes, `times` times: the first time byte by byte, all others at once. */
  add(bytes: Uint8Array, times: number): void {
    const { sum, sums } = sumsOf(bytes);
    const length = bytes.length % ADLER_MODULUS;
    const repeats = times % ADLER_MODULUS;
    // Each time adds to #sums what all times before it have added to #sum, once for each of its bytes.
    const earlier = ((((times * (times - 1)) / 2) % ADLER_MODULUS) * sum) % ADLER_MODULUS;
    const allBytes = (length * repeats) % ADLER_MODULUS;
    this.#sums += allBytes * this.#sum + repeats * sums + length * earlier;
    this.#sums %= ADLER_MODULUS;
    this.#sum = (this.#sum + repeats * sum) % ADLER_MODULUS;
  }
}

/** Both sums of bytes on their own, from 0. */
function sumsOf(bytes: Uint8Array): { readonly sum: number; readonly sums: number } {
  let sum = 0;
  let sums = 0;
  for (let start = 0; start < bytes.length; start += ADLER_BYTES) {
    const end = Math.min(start + ADLER_BYTES, bytes.length);
    for (let i = start; i < end; i++) {
      sum += bytes[i];
      sums += sum;
    }
    sum %= ADLER_MODULUS;
    sums %= ADLER_MODULUS;
  }
  return { sum, sums };
}
