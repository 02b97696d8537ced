/**
 * LZW as GIF has it: https://www.w3.org/Graphics/GIF/spec-gif89a.txt, appendix F. Not here: the variants
 * of TIFF and PDF.
 */

import { BitWriter } from '../bytes.ts';

/** Codes below CLEAR are bytes. */
const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const MIN_CODE_BITS = 9;
const MAX_CODE_BITS = 12;
const MAX_CODES = 2 ** MAX_CODE_BITS;

/** Twice as many slots as codes, so that a code is found within a slot or two. */
const SLOT_BITS = MAX_CODE_BITS + 1;
const SLOT_MASK = 2 ** SLOT_BITS - 1;

/** The codes for at least one byte, from CLEAR to END, packed into bytes. */
export function compressLzw(bytes: Uint8Array): Uint8Array {
  const writer = new BitWriter();
  // A hash table with open addressing. A code stands for a shorter code and the byte after it: a slot
  // holds these two in its upper 20 bits and the code in its lower 12; 0 is a free slot.
  const slots = new Int32Array(2 ** SLOT_BITS);
  let length = MIN_CODE_BITS;
  let free = FIRST_FREE;

  /** A decoder adds an entry for every code but CLEAR, so every code counts here, used again or not. */
  function put(code: number): void {
    writer.put(code, length);
    if (free === 1 << length && length < MAX_CODE_BITS) length++;
    free++;
  }

  writer.put(CLEAR, length);
  let code = bytes[0];
  for (let i = 1; i < bytes.length; i++) {
    const byte = bytes[i];
    const longer = (code << 8) | byte;
    // 2³² divided by the golden ratio: https://en.wikipedia.org/wiki/Hash_function#Fibonacci_hashing
    let slot = Math.imul(longer, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (slots[slot] !== 0 && slots[slot] >>> MAX_CODE_BITS !== longer) {
      slot = (slot + 1) & SLOT_MASK;
    }
    if (slots[slot] !== 0) {
      code = slots[slot] & (MAX_CODES - 1);
      continue;
    }
    slots[slot] = (longer << MAX_CODE_BITS) | free;
    put(code);
    code = byte;
    if (free === MAX_CODES) {
      writer.put(CLEAR, length);
      slots.fill(0);
      length = MIN_CODE_BITS;
      free = FIRST_FREE;
    }
  }
  put(code);
  writer.put(END, length);
  writer.fillByte();
  return writer.finish();
}
