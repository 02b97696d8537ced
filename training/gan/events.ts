/**
 * TensorBoard's event files, so that `tensorboard --logdir runs` shows runs beside each other: records, each an
 * `Event` in protocol buffers (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto), framed as
 * in a TFRecord (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
 */

import type { Metrics } from './metrics.ts';

/** What a file begins with. */
const FILE_VERSION = 'brain.Event:2';

/** Names of the curves. */
const TAGS = {
  discriminatorLoss: 'loss/discriminator',
  generatorLoss: 'loss/generator',
  discriminatorReal: 'discriminator/real',
  discriminatorGenerated: 'discriminator/generated',
  frechet: 'frechet',
  stepMs: 'step_ms',
} as const satisfies Partial<Record<keyof Metrics, string>>;

/**
 * The record that a file begins with.
 * @param startedS when the run started, in seconds since 1970
 */
export function firstRecord(startedS: number): Uint8Array {
  return record([...double(WALL_TIME, startedS), ...text(VERSION, FILE_VERSION)]);
}

/** The record of an epoch. */
export function epochRecord(metrics: Metrics, startedS: number): Uint8Array {
  const names = Object.keys(TAGS) as (keyof typeof TAGS)[];
  const values = names.flatMap((name) => {
    const value = metrics[name];
    if (value === undefined || value === null) return [];
    return message(VALUE, [...text(TAG, TAGS[name]), ...float(SIMPLE_VALUE, value)]);
  });
  return record([
    ...double(WALL_TIME, startedS + metrics.elapsedS),
    ...wholeNumber(STEP, metrics.step),
    ...message(SUMMARY, values),
  ]);
}

// Numbers of fields: of an Event …
const WALL_TIME = 1;
const STEP = 2;
const VERSION = 3;
const SUMMARY = 5;
// … of its Summary, and of each value in there.
const VALUE = 1;
const TAG = 1;
const SIMPLE_VALUE = 2;

// Wire types: https://protobuf.dev/programming-guides/encoding/#structure
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH_DELIMITED = 2;
const FOUR_BYTES = 5;

function double(field: number, value: number): number[] {
  return [...key(field, EIGHT_BYTES), ...new Uint8Array(Float64Array.of(value).buffer)];
}

function float(field: number, value: number): number[] {
  return [...key(field, FOUR_BYTES), ...new Uint8Array(Float32Array.of(value).buffer)];
}

function wholeNumber(field: number, value: number): number[] {
  return [...key(field, VARINT), ...varint(value)];
}

function text(field: number, value: string): number[] {
  return message(field, [...new TextEncoder().encode(value)]);
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...key(field, LENGTH_DELIMITED), ...varint(bytes.length), ...bytes];
}

function key(field: number, wireType: number): number[] {
  return varint(field * 8 + wireType);
}

/** Seven bits a byte, the lowest first; all bytes but the last have their top bit set. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

/** Length, CRC of the length, data, CRC of the data; all little-endian. */
function record(data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(bytes.subarray(12, 12 + data.length)), true);
  return bytes;
}

/** So that the CRC of data with CRCs in them is no trouble, TFRecords turn and shift it. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C, Castagnoli's polynomial in reverse (RFC 3720, appendix B.4). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
