/** `npm run export`: a float generator → files for other libraries. Flags in, one call, exit code out. */

import { readFileSync } from 'node:fs';

import { Failure, UsageError, runCommand } from '../cli/failure.ts';
import { type Flags, helpText, oneOf, parseFlags, path } from '../cli/flags.ts';
import { type Target, TARGETS, exportGenerator } from '../export/export.ts';
import { type Advice, RunError, generatorOf } from '../gan/existing-run.ts';
import { FloatFileError, parseNetwork } from '../quantization/float-file.ts';

const USAGE = 'npm run export -- --from FILE --to WHAT --out PATH';
const ABOUT =
  'Writes a float generator for other libraries: a tfjs layers model, an ONNX model, or NumPy arrays.';

const flags: Flags<{ from: string | null; to: Target | null; out: string | null }> = {
  from: path('from', 'FILE', "a float generator, or a run's folder", null, 'no default'),
  to: oneOf('to', TARGETS, 'tfjs writes a folder, onnx and npz a file'),
  out: path('out', 'PATH', 'where it goes', null, 'no default'),
};

const ADVICE: Advice = {
  NoRun:
    'train one by npm run train:wasm, or name a file such as weights/float/generator.safetensors',
  NotFinished: 'let it go on by --resume, or name one of the files in its snapshots/',
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const { from, to, out } = values;
  if (from === null) throw new UsageError("--from: missing, expected a file or a run's folder.");
  if (to === null) throw new UsageError(`--to: missing, expected ${flags.to.expected}.`);
  if (out === null) throw new UsageError('--out: missing, expected a path.');
  let source = from;
  try {
    source = generatorOf(from);
    const written = await exportGenerator(parseNetwork(readFileSync(source)), to, out);
    process.stdout.write(`${source} → ${written.join(', ')}\n`);
  } catch (error) {
    if (error instanceof RunError) throw error.withAdvice(ADVICE);
    if (!(error instanceof FloatFileError)) throw error;
    throw new Failure(`${source}: found no float generator in it (${error.message}).`);
  }
  return 0;
});
