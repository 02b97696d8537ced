/**
 * A writer of safetensors files (https://github.com/huggingface/safetensors, "Format").
 * The reader, which also explains the format, is src/sampler/safetensors.ts.
 */

/** A tensor to be written; its bytes are row by row. */
export interface NewTensor {
  name: string;
  dtype: 'F32' | 'I8';
  shape: readonly number[];
  data: Float32Array | Int8Array;
}

/** The format asks for tensors that begin at a multiple of this. */
const ALIGNMENT_BYTES = 8;

/**
 * The bytes of a file with these tensors in this order, F32 before I8 so that each is aligned.
 * All platforms that Node runs on are little-endian, as the format is.
 */
export function serializeSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const ordered = tensors.toSorted((a, b) => a.dtype.localeCompare(b.dtype));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, dtype, shape, data } of ordered) {
    const end = offset + data.byteLength;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;

  const file = new Uint8Array(8 + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, 8);
  file.fill(0x20, 8 + json.length, 8 + headerBytes);
  let at = 8 + headerBytes;
  for (const { data } of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
