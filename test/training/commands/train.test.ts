import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { newestCheckpoint } from '../../../training/gan/checkpoint.ts';
import { dataFolder, idxLabels, run, start, temporaryFolder } from '../helpers.ts';

/** The recipe's networks on real MNIST, in the fewest steps. */
const SHORT = ['--steps-per-epoch', '3', '--batch-size', '8'];

describe('train:wasm', () => {
  test('killed while it puts a checkpoint in place, ends as an unbroken run on any number of threads', async ({
    skip,
  }) => {
    skip(process.platform === 'win32', 'Windows ends a process at once, whatever the signal');
    const folder = temporaryFolder();
    const [unbroken, killed] = [join(folder, 'unbroken'), join(folder, 'killed')];
    const settings = [...SHORT, '--epochs', '3', '--ema', '0.9', '--lr-decay', '0.5'];
    const whole = await run('train', [...settings, '--threads', '1', '--out', unbroken]);
    expect(whole).toMatchObject({ code: 0, stderr: '' });

    const args = [...settings, '--threads', '2', '--out', killed];
    const { signal } = await run('train', args, killedAtRename('step-000000006'));
    expect(signal).toBe('SIGKILL');
    expect(readdirSync(join(killed, 'checkpoints')).toSorted()).toEqual([
      'step-000000000.safetensors',
      'step-000000003.safetensors',
      'step-000000006.safetensors.tmp',
    ]);
    const resumed = await run('train', ['--out', killed, '--resume']);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });

    const [expected, found] = [unbroken, killed].map((out) => ({
      generator: readFileSync(join(out, 'generator.safetensors'), 'hex'),
      tensors: tensorsOf(out),
      checkpoints: readdirSync(join(out, 'checkpoints')),
    }));
    expect(found).toEqual(expected);
  });

  test('shows a line for each network, plain lines if there is no terminal, and what to do next', async () => {
    const out = join(temporaryFolder(), 'run');
    const { code, stdout } = await run('train', [...SHORT, '--epochs', '1', '--out', out]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(1, 3)).toEqual([
      'generator      100 → 256 → 512 → 1024 → 784, 1,486,352 parameters',
      'discriminator  784 → 1024 → 512 → 256 → 1, 1,460,225 parameters',
    ]);
    expect(stdout).toMatch(/^epoch 1\/1, step 3\/3 · losses .* left$/m);
    expect(lines.at(-2)).toContain(join(out, 'samples'));
    expect(lines.at(-1)).toBe(
      `To serve what it draws: npm run quantize -- --from ${out} && npm start`,
    );
    expect(stdout).not.toContain('\r');
    expect(stdout).not.toContain('\u001B');
  });

  test('shows the networks layer by layer if asked for', async () => {
    const out = join(temporaryFolder(), 'run');
    const args = [...SHORT, '--epochs', '1', '--summary', '--out', out];
    const { code, stdout } = await run('train', args);
    expect(code).toBe(0);
    for (const params of [1_486_352, 1_460_225, 2_946_577]) {
      expect(stdout).toContain(`Total params: ${params}`);
    }
    expect(readFileSync(join(out, 'config.json'), 'utf8')).not.toContain('summary');
  });

  test('measures the distance that evaluate measures', async () => {
    const [out, data] = [join(temporaryFolder(), 'run'), dataFolder(40)];
    const args = [...SHORT, '--epochs', '2', '--data', data, '--evaluate-every', '2'];
    const exact = ['--no-relaxed-simd', '--out', out];
    const trained = await run('train', [...args, ...exact]);
    expect(trained).toMatchObject({ code: 0 });
    expect(trained.stdout).toContain(`--from ${join(out, 'best.safetensors')} && npm start`);
    const [first, last] = readFileSync(join(out, 'metrics.jsonl'), 'utf8').split('\n');
    expect(first).not.toContain('frechet');

    const picture = ['--nearest', join(out, 'nearest.png'), '--json'];
    const evaluated = await run('evaluate', ['--weights', out, '--data', data, ...picture]);
    const { frechet } = JSON.parse(evaluated.stdout) as { frechet: number };
    expect(JSON.parse(last)).toMatchObject({ epoch: 2, frechet });
  });

  test('stops at Ctrl-C with a checkpoint of that very step, and says how to go on', async ({
    skip,
  }) => {
    skip(process.platform === 'win32', 'Windows ends a process at once, whatever the signal');
    const out = join(temporaryFolder(), 'run');
    const args = [
      '--steps-per-epoch',
      '100000',
      '--batch-size',
      '2',
      '--epochs',
      '1',
      '--out',
      out,
    ];
    const { process: child, ended } = start('train', args);
    // The first step's line is there as soon as it is done.
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('step 1/100000')) child.kill('SIGINT');
    });
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toContain(`--out ${out} --resume`);
    const { checkpoint } = newestCheckpoint(join(out, 'checkpoints'));
    const { epoch, step } = checkpoint?.position ?? { epoch: -1, step: 0 };
    expect(epoch).toBe(0);
    expect(step).toBeGreaterThan(0);
    expect(stdout).toContain(
      `Stopped after 0 epochs and ${step} ${step === 1 ? 'step' : 'steps'};`,
    );

    const changed = await run('train', ['--out', out, '--resume', '--batch-size', '4']);
    expect(changed).toMatchObject({ code: 2, stdout: '' });
    expect(changed.stderr).toMatch(/^--batch-size: found 4, expected the run's 2.*\n$/);

    const data = ['--data', dataFolder(3)];
    const other = await run('train', ['--out', out, '--resume', ...data]);
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toMatch(/^--data: found other data than the run in .*\n$/);

    const again = await run('train', ['--out', out]);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^.*found a run.*--resume.*\n$/);
  });

  test('writes nothing if the data are broken', async () => {
    const out = join(temporaryFolder(), 'run');
    const data = dataFolder(2, { 'train-labels-idx1-ubyte': idxLabels(3) });
    const flags = ['--conditional', '--data', data, '--out', out];
    const { code, stdout, stderr } = await run('train', flags);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^.*found 3 labels, expected 2.*\n$/);
    expect(existsSync(out)).toBe(false);
  });

  test('says in one line what the operating system refuses', async () => {
    const out = join(import.meta.filename, 'run');
    const { code, stderr } = await run('train', [...SHORT, '--epochs', '1', '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toBe(`${import.meta.filename}: found a file, expected a folder.\n`);
  });

  test('wants a folder, not a file', async () => {
    const out = import.meta.filename;
    const { code, stderr } = await run('train', [...SHORT, '--epochs', '1', '--out', out]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${out}: found a file, expected a folder; choose another one by --out DIR.\n`,
    });
  });

  test('learns from any folder of IDX files', async () => {
    const out = join(temporaryFolder(), 'run');
    const data = dataFolder(5, {}, { gzip: true });
    const args = [...SHORT, '--epochs', '1', '--data', data, '--out', out];
    expect(await run('train', args)).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({
      data,
      dataset: { count: 5 },
    });
  });

  test('answers wrong use with one line and exit code 2, and --help with 0', async () => {
    const wrong = await run('train', ['--epochs', 'ten']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toBe(
      "--epochs: found 'ten', expected a whole number from 1 to 1000000.\n",
    );
    const help = await run('train', ['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--checkpoint-every');
  });
});

/** Arguments for Node that kill it as a file of this name is about to be renamed into place. */
function killedAtRename(name: string): string[] {
  const hook = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const rename = fs.renameSync;
    fs.renameSync = (from, to) => {
      if (String(to).includes('${name}')) process.kill(process.pid, 'SIGKILL');
      rename(from, to);
    };
    syncBuiltinESMExports();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
}

function tensorsOf(out: string): [string, string][] {
  const { checkpoint } = newestCheckpoint(join(out, 'checkpoints'));
  return [...(checkpoint?.tensors ?? [])].map(([name, { data }]) => [
    name,
    Buffer.from(data).toString('base64'),
  ]);
}
