/** Plays APNG files: fast-png decodes the frames, and here each is drawn over the one before. */

import { decodeApng, type DecodedApng } from 'fast-png';

/** Type and data of each chunk. */
export function chunksOf(file: Uint8Array): { type: string; data: DataView }[] {
  const chunks = [];
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  for (let offset = 8; offset < file.length;) {
    const length = view.getUint32(offset);
    const type = Buffer.from(file.subarray(offset + 4, offset + 8)).toString('latin1');
    chunks.push({ type, data: new DataView(file.buffer, file.byteOffset + offset + 8, length) });
    offset += length + 12;
  }
  return chunks;
}

/** Where each frame is drawn: width, height, left, top. */
export function areasOf(file: Uint8Array): number[][] {
  const controls = chunksOf(file).filter(({ type }) => type === 'fcTL');
  return controls.map(({ data }) => [4, 8, 12, 16].map((offset) => data.getUint32(offset)));
}

/** The samples that one sees, frame by frame. */
export function play(file: Uint8Array): {
  readonly samples: Uint8Array[];
  readonly apng: DecodedApng;
} {
  const apng = decodeApng(file, { checkCrc: true });
  const canvas = new Uint8Array(apng.width * apng.height);
  const samples = areasOf(file).map(([width, height, left, top], index) => {
    for (let y = top; y < top + height; y++) {
      const start = y * apng.width + left;
      canvas.set(apng.frames[index].data.subarray(start, start + width), start);
    }
    return canvas.slice();
  });
  return { samples, apng };
}
