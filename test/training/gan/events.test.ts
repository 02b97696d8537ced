import { describe, expect, test } from 'vitest';

import { crc32c, epochRecord, firstRecord } from '../../../training/gan/events.ts';

const STARTED_S = 1_700_000_000;

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

test.each([
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 times 255', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
])('CRC-32C of %s is that of RFC 3720', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

// What TensorBoard 2's own RecordWriter and Event give.
describe('events', () => {
  test('begin with their version', () => {
    expect(hex(firstRecord(STARTED_S))).toBe(
      '1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d',
    );
  });

  test('have all that was measured in an epoch', () => {
    const metrics = {
      epoch: 2,
      step: 300,
      discriminatorLoss: 0.5,
      generatorLoss: 1.25,
      stepMs: 75.25,
      elapsedS: 7.5,
      discriminatorReal: 0.75,
      discriminatorGenerated: 0.125,
      frechet: 4.5,
    };
    expect(hex(epochRecord(metrics, STARTED_S))).toBe(
      '9c00000000000000cba95dfa090000e041fc54d94110ac022a8d010a190a126c6f73732f646973637269' +
        '6d696e61746f72150000003f0a150a0e6c6f73732f67656e657261746f72150000a03f0a190a12646973' +
        '6372696d696e61746f722f7265616c150000403f0a1e0a176469736372696d696e61746f722f67656e65' +
        '7261746564150000003e0a0e0a076672656368657415000090400a0e0a07737465705f6d731500809642' +
        'd01ec8cb',
    );
  });

  test('leave out what was not measured', () => {
    const metrics = {
      epoch: 1,
      step: 3,
      discriminatorLoss: 1,
      generatorLoss: 1,
      stepMs: 1,
      elapsedS: 1,
      discriminatorReal: null,
    };
    const text = Buffer.from(epochRecord(metrics, STARTED_S)).toString('latin1');
    expect(text).toContain('loss/generator');
    expect(text).not.toContain('discriminator/');
    expect(text).not.toContain('frechet');
  });
});
