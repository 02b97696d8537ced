/** `npm run build:model`: weights/ → build/model.safetensors, which the Worker is built with. Arguments in, one call, exit code out. */

import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { type WeightsFile, packModel } from '../bundle/packing.ts';
import { Failure, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { helpText, parseFlags } from '../cli/flags.ts';

const USAGE = 'npm run build:model';
const ABOUT = 'Checks the weights and lays them out for the Worker that is built with them.';
const PACKED = 'build/model.safetensors';
/** What Cloudflare's plans took before September 2026, gzipped, less room for code and kernel. */
const MAX_GZIPPED_BYTES = 2_900_000;

await runCommand(async () => {
  const { help } = parseFlags({}, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, {}));
    return 0;
  }
  const generator = read('weights/generator.safetensors', 'npm run quantize -- --from RUN');
  const classifier = read('weights/classifier.safetensors', 'npm run train:classifier');
  const packed = packModel(generator, classifier);
  const gzippedBytes = gzipSync(packed).length;
  if (gzippedBytes > MAX_GZIPPED_BYTES) {
    throw new Failure(
      `weights: found ${gzippedBytes} bytes gzipped, expected at most ${MAX_GZIPPED_BYTES}; train a smaller network.`,
    );
  }
  writeAtomically(PACKED, packed);
  return 0;
});

function read(path: string, command: string): WeightsFile {
  if (existsSync(path)) return { path, bytes: readFileSync(path) };
  throw new Failure(`${path}: found no such file; git checkout weights, or ${command}, makes it.`);
}
