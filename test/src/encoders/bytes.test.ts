import { expect, test } from 'vitest';

import { BitWriter } from '../../../src/encoders/bytes.ts';

test('BitWriter writes every byte it is given, at any length', () => {
  for (let length = 0; length < 5000; length++) {
    const writer = new BitWriter();
    for (let i = 0; i < length; i++) writer.put((i * 7) & 0xff, 8);
    const bytes = writer.finish();
    expect(bytes).toHaveLength(length);
    if (length > 0) expect(bytes[length - 1]).toBe(((length - 1) * 7) & 0xff);
  }
});

test('BitWriter packs bits lowest first, across bytes', () => {
  const writer = new BitWriter();
  writer.put(0b1, 1);
  writer.put(0b10, 2);
  writer.put(0xabcd, 16);
  writer.fillByte();
  // 0xabcd moved up by three bits, over 0b101.
  expect([...writer.finish()]).toEqual([0x6d, 0x5e, 0x05]);
});
