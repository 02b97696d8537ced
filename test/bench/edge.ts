/**
 * `npm run bench:edge`: what a digit costs at the edge, by this project's Worker, by a Hono Worker that
 * only answers, and by a Worker that runs the same generator in tfjs. Production bundles, each in a Workers
 * runtime of its own; takes about two minutes and needs no network.
 */

import { readFileSync } from 'node:fs';

import { Random } from '../../src/sampler/random.ts';
import { latentOf } from '../../src/sampler/seed.ts';
import { parseSafetensors } from '../../src/weights/safetensors.ts';
import { loadEngine } from '../../training/bundle/engine.ts';
import { startRuntime } from '../../training/bundle/runtime.ts';
import { type Bundle, bundle, sizeOf } from '../../training/bundle/worker.ts';
import { runCommand } from '../../training/cli/failure.ts';
import { type Flags, helpText, parseFlags, present } from '../../training/cli/flags.ts';
import { createCounter } from '../../training/cli/progress.ts';
import { COSTLY_REQUESTS } from './edge/costly.ts';
import { load, requestDigit } from './edge/load.ts';
import { median } from './statistics.ts';

const USAGE = 'npm run bench:edge -- [--json]';
const ABOUT = 'Measures what a digit costs at the edge, beside an empty Worker and beside tfjs.';
const SIDES = {
  ours: 'wrangler.toml',
  hello: 'test/bench/edge/hello.toml',
  tfjs: 'test/bench/edge/tfjs.toml',
};
const COLD_STARTS = 10;
/** The sides take turns, so that a machine that slows down does so for all of them. */
const ROUNDS = 3;
const ROUND_MS = 2500;
const WARM_UP_MS = 1500;
/** For each of many costly requests. */
const COSTLY_MS = 800;
const WORST = 10;

const flags: Flags<{ json: boolean }> = {
  json: present('json', 'prints one line of JSON instead of a table'),
};

interface Measured {
  /** null without /proc, which only Linux has. */
  readonly cpuUsPerRequest: number | null;
  readonly requestsPerSecond: number;
  readonly firstResponseMs: number;
  readonly bundleBytes: number;
  readonly bundleGzipBytes: number;
}

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  const sides = Object.entries(SIDES);
  const bundles: [string, Bundle][] = [];
  for (const [side, config] of sides) bundles.push([side, await bundle(config)]);
  const ours = bundles[0][1];
  const total = bundles.length * (ROUNDS + 1) + 1 + COSTLY_REQUESTS.length;
  const progress = createCounter(process.stderr, { total, name: 'measurements' });
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [side, code] of bundles) {
      rounds.push({ side, ...(await measureRound(code)) });
      progress(rounds.length);
    }
  }
  const measured: [string, Measured][] = [];
  for (const [side, code] of bundles) {
    const own = rounds.filter((round) => round.side === side);
    measured.push([side, await summarize(code, own)]);
    progress(rounds.length + measured.length);
  }
  const generatorUsPerDigit = rounded(measureGenerator());
  const gridCpuUsPerRequest = await measureGrid(ours);
  const costs: Cost[] = [];
  for (const request of COSTLY_REQUESTS) {
    costs.push(await measureCost(ours, request));
    progress(total - COSTLY_REQUESTS.length + costs.length);
  }
  const worst = costs.toSorted((a, b) => (b.cpuMs ?? 0) - (a.cpuMs ?? 0)).slice(0, WORST);
  const result = Object.fromEntries(measured);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...result, generatorUsPerDigit, gridCpuUsPerRequest, worst })}\n`
      : tableOf(result, generatorUsPerDigit, gridCpuUsPerRequest) + worstOf(worst),
  );
  return 0;
});

interface Round {
  readonly side: string;
  readonly cpuUsPerRequest: number | null;
  readonly requestsPerSecond: number;
}

/** CPU time of a request, in ms; null without /proc. */
interface Cost {
  readonly request: string;
  readonly cpuMs: number | null;
}

async function measureCost(code: Bundle, request: string): Promise<Cost> {
  const { cpuUsPerRequest } = await measureRound(code, request, COSTLY_MS);
  return { request, cpuMs: cpuUsPerRequest === null ? null : hundredths(cpuUsPerRequest / 1000) };
}

async function measureRound(
  code: Bundle,
  path?: string,
  durationMs = ROUND_MS,
): Promise<Omit<Round, 'side'>> {
  const runtime = await startRuntime(code);
  try {
    await load(runtime.url, Math.min(WARM_UP_MS, durationMs), path);
    const cpuBefore = runtime.cpuUs();
    const start = performance.now();
    const answered = await load(runtime.url, durationMs, path);
    const elapsedS = (performance.now() - start) / 1000;
    const cpuAfter = runtime.cpuUs();
    const isKnown = cpuBefore !== undefined && cpuAfter !== undefined;
    return {
      cpuUsPerRequest: isKnown ? (cpuAfter - cpuBefore) / answered : null,
      requestsPerSecond: answered / elapsedS,
    };
  } finally {
    await runtime.stop();
  }
}

/** CPU time that our runtime takes for 100 digits as one PNG, the request itself included. */
async function measureGrid(ours: Bundle): Promise<number | null> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { cpuUsPerRequest } = await measureRound(ours, '/digits.png');
    if (cpuUsPerRequest === null) return null;
    rounds.push(cpuUsPerRequest);
  }
  return rounded(median(rounds));
}

async function summarize(code: Bundle, rounds: readonly Round[]): Promise<Measured> {
  const starts: number[] = [];
  for (let i = 0; i < COLD_STARTS; i++) starts.push(await coldStartMs(code));
  const cpus = rounds.map(({ cpuUsPerRequest }) => cpuUsPerRequest).filter((us) => us !== null);
  const { sizeBytes, gzipBytes } = sizeOf(code);
  return {
    cpuUsPerRequest: cpus.length > 0 ? rounded(median(cpus)) : null,
    requestsPerSecond: rounded(median(rounds.map(({ requestsPerSecond }) => requestsPerSecond))),
    firstResponseMs: rounded(median(starts)),
    bundleBytes: sizeBytes,
    bundleGzipBytes: gzipBytes,
  };
}

/** From the start of the runtime's process to the end of its first answer. */
async function coldStartMs(code: Bundle): Promise<number> {
  const start = performance.now();
  const runtime = await startRuntime(code);
  try {
    await requestDigit(runtime.url);
    return performance.now() - start;
  } finally {
    await runtime.stop();
  }
}

/** From a latent to grey levels, in Node: the median over batches. */
function measureGenerator(): number {
  const weights = readFileSync(new URL('../../weights/generator.safetensors', import.meta.url));
  const { draw } = loadEngine(weights);
  const [inputs] = JSON.parse(parseSafetensors(weights).metadata['sizes']) as number[];
  const latents = [latentOf(Random.fromString('bench'), inputs)];
  const DIGITS = 200;
  const batch = () => {
    const start = performance.now();
    for (let i = 0; i < DIGITS; i++) draw(latents);
    return ((performance.now() - start) * 1000) / DIGITS;
  };
  for (let i = 0; i < 20; i++) batch();
  return median(Array.from({ length: 101 }, batch));
}

function line(label: string, cells: readonly string[]): string {
  return `${label.padEnd(38)}${cells.map((cell) => cell.padStart(12)).join('')}\n`;
}

function tableOf(
  result: Readonly<Record<string, Measured>>,
  generatorUs: number,
  gridUs: number | null,
): string {
  const names = Object.keys(result);
  const rows: [string, (side: Measured) => string][] = [
    ['CPU a request, µs', ({ cpuUsPerRequest }) => `${cpuUsPerRequest ?? 'unknown'}`],
    ['requests a second', ({ requestsPerSecond }) => `${requestsPerSecond}`],
    ['first response after a cold start, ms', ({ firstResponseMs }) => `${firstResponseMs}`],
    ['bundle, bytes', ({ bundleBytes }) => `${bundleBytes}`],
    ['bundle gzipped, bytes', ({ bundleGzipBytes }) => `${bundleGzipBytes}`],
  ];
  const hasCpu = Object.values(result).every(({ cpuUsPerRequest }) => cpuUsPerRequest !== null);
  return [
    line('', names),
    ...rows.map(([label, show]) =>
      line(
        label,
        names.map((name) => show(result[name])),
      ),
    ),
    `\nThe generator alone, in Node: ${generatorUs} µs a digit.\n`,
    `A hundred digits as one PNG: ${gridUs ?? 'unknown'} µs of CPU.\n`,
    hasCpu ? '' : 'CPU time is unknown: it takes /proc, which only Linux has.\n',
  ].join('');
}

function worstOf(worst: readonly Cost[]): string {
  const lines = worst.map(({ request, cpuMs }) => `${request.padEnd(44)}${cpuMs ?? 'unknown'}\n`);
  return ['\nThe costliest requests that the default bounds allow, ms of CPU:\n', ...lines].join(
    '',
  );
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
