/** `npm run quantize`: float generator of a run → int8 weights. Arguments in, one call, exit code out. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Random } from '../../src/sampler/random.ts';
import { LATENT_FRACTION_BITS } from '../../src/sampler/seed.ts';
import { build } from '../bundle/build.ts';
import { loadEngine } from '../bundle/engine.ts';
import { SAMPLER_KERNEL } from '../bundle/kernels.ts';
import { Failure, UsageError, runCommand } from '../cli/failure.ts';
import { writeAtomically } from '../cli/files.ts';
import { type Flags, helpText, parseFlags, path } from '../cli/flags.ts';
import { type Fidelity, drawInputs, measureFidelity } from '../evaluation/fidelity.ts';
import { parseNetwork } from '../quantization/float-file.ts';
import { quantize, serializeQuantized } from '../quantization/quantize.ts';

const USAGE = 'npm run quantize -- --from RUN [flags]';
const ABOUT = 'Turns the float generator of a run into the int8 weights that the Worker serves.';
const CALIBRATION_LATENTS = 250;

const flags: Flags<{ from: string | null; out: string }> = {
  from: path('from', 'RUN', "a run's folder, or one safetensors file of it", null, 'no default'),
  out: path(
    'out',
    'FILE',
    'where the int8 weights go',
    'weights/generator.safetensors',
    'weights/generator.safetensors',
  ),
};

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  if (values.from === null) {
    throw new UsageError("--from: found no such flag, expected a run's folder or a file.");
  }
  const source = locateGenerator(values.from);
  const bytes = readFileSync(source);
  const generator = parseNetwork(bytes, source);

  await build([SAMPLER_KERNEL]);
  const random = Random.fromString('quantization: calibration');
  const { reals } = drawInputs(random, CALIBRATION_LATENTS, generator);
  const layers = quantize(generator, reals, LATENT_FRACTION_BITS);
  const origin = {
    ...generator.metadata,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  const { generate } = loadEngine(serializeQuantized(layers, origin));
  const fidelity = measureFidelity(
    generator,
    generate,
    Random.fromString('quantization: fidelity'),
  );
  writeAtomically(
    values.out,
    serializeQuantized(layers, { ...origin, fidelity: JSON.stringify(fidelity) }),
  );
  process.stdout.write(`${source} → ${values.out}\n${reportOf(fidelity)}\n`);
  return 0;
});

function locateGenerator(from: string): string {
  if (!existsSync(from)) throw new Failure(`${from}: found no such run, expected its folder.`);
  if (!statSync(from).isDirectory()) return from;
  const file = join(from, 'generator.safetensors');
  if (existsSync(file)) return file;
  if (!existsSync(join(from, 'config.json'))) {
    throw new Failure(`${from}: found no run in this folder; train one by npm run train:wasm.`);
  }
  throw new Failure(
    `${file}: found no such file: the run has not ended. Let it go on by --resume, or name one of ${join(from, 'snapshots')}.`,
  );
}

function reportOf(fidelity: Fidelity): string {
  const { latents, meanAbsError, maxAbsError, p999AbsError, within16 } = fidelity;
  const mean = meanAbsError.toFixed(3);
  const share = `${(within16 * 100).toFixed(3)} %`;
  return `Off the float generator, in grey levels of 0…255 over ${latents} latents: mean ${mean}, 99.9 % of the pixels at most ${p999AbsError}, ${share} at most 16, largest ${maxAbsError}.`;
}
