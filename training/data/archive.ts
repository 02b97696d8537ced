/** NumPy's archives, .npz: ZIP files of .npy files. Not here: what the arrays are called and what they hold (numpy.ts). */

import { unzipSync } from 'fflate';

import { reasonOf } from '../cli/failure.ts';
import { DatasetError } from './dataset.ts';
import { MAX_FILE_BYTES, readFile } from './files.ts';

/** The end of a ZIP file, and what lies before it where the file has the extension for large ones, ZIP64: APPNOTE.TXT, 4.3. */
const END = Buffer.from('PK\x05\x06', 'latin1');
const LARGE = Buffer.from('PK\x06\x07', 'latin1');
const LARGE_BYTES = 20;

/**
 * The .npy files of an archive by their names without the ending, as many of them as are asked for.
 * @throws DatasetError
 */
export function archiveOf(
  path: string,
  isAsked: (member: string) => boolean,
): ReadonlyMap<string, Uint8Array> {
  const bytes = readFile(path);
  let total = 0;
  try {
    requireSmall(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!name.endsWith('.npy') || !isAsked(name.slice(0, -4))) return false;
        total += originalSize;
        if (total > MAX_FILE_BYTES)
          throw new RangeError(`it holds more than ${MAX_FILE_BYTES} bytes`);
        return true;
      },
    });
    return new Map(Object.entries(files).map(([name, file]) => [name.slice(0, -4), file]));
  } catch (error) {
    throw new DatasetError(`${path}: cannot be read as an archive (${reasonOf(error)}).`);
  }
}

/**
 * ZIP64 is for more files or bytes than are read here. One that says it holds 4,294,967,295 files would have all of them
 * looked for.
 */
function requireSmall(bytes: Buffer): void {
  const large = bytes.lastIndexOf(END) - LARGE_BYTES;
  if (large >= 0 && bytes.subarray(large).indexOf(LARGE) === 0) {
    throw new RangeError('it is a ZIP64 file, expected one of less than 4 GiB');
  }
}
