/** The engines that must draw the same digits: each gives the digest of a series' first seeds. */

import { readFileSync } from 'node:fs';

import { build } from 'esbuild';

import { Chromium, hasChromium } from '../foreign/chromium.ts';
import { Firefox, hasFirefox } from '../foreign/firefox.ts';
import { startWorker } from '../src/worker.ts';
import { type ComparedDigit, digestHere, digestOf } from './digest.ts';

const SERIES = 'the same bytes everywhere';

const fileOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../build/${name}`, import.meta.url)));

/** By name. Without Chromium or Firefox, those in it are left out. */
export async function digests(count: number): Promise<Readonly<Record<string, string>>> {
  return {
    'Node, relaxed SIMD': await inNode('sampler.wasm', count),
    'Node, plain SIMD': await inNode('sampler-plain.wasm', count),
    workerd: await inWorkerd(count),
    ...(hasChromium && {
      'Chromium, relaxed SIMD': await inChromium('sampler.wasm', count),
      'Chromium, plain SIMD': await inChromium('sampler-plain.wasm', count),
    }),
    ...(hasFirefox && (await inFirefox(count))),
  };
}

function inNode(kernel: string, count: number): Promise<string> {
  return digestHere(fileOf(kernel), fileOf('model.safetensors'), SERIES, count);
}

/** A series in one answer: its digits have the seeds of the series. */
async function inWorkerd(count: number): Promise<string> {
  const worker = await startWorker({ variables: { MAX_COUNT: count } });
  try {
    const seed = encodeURIComponent(SERIES);
    const response = await worker.fetch(`/digits.json?seed=${seed}&count=${count}`);
    const { digits } = (await response.json()) as { readonly digits: readonly ComparedDigit[] };
    return digestOf(digits);
  } finally {
    await worker.stop();
  }
}

async function inChromium(kernel: string, count: number): Promise<string> {
  const content = await digestScript();
  const chromium = await Chromium.start();
  try {
    await chromium.page.addScriptTag({ content });
    const files = [kernel, 'model.safetensors'].map((name) => Array.from(fileOf(name)));
    return await chromium.page.evaluate(
      ([kernelBytes, modelBytes, series, length]) => {
        const here = (globalThis as unknown as { digitmint: typeof import('./digest.ts') })
          .digitmint;
        const [kernelFile, modelFile] = [kernelBytes, modelBytes].map((b) => Uint8Array.from(b));
        return here.digestHere(kernelFile, modelFile, series, length);
      },
      [files[0], files[1], SERIES, count] as const,
    );
  } finally {
    await chromium.close();
  }
}

/** Relaxed SIMD is left out where this Firefox lacks it. */
async function inFirefox(count: number): Promise<Readonly<Record<string, string>>> {
  const script = await digestScript();
  const model = base64Of('model.safetensors');
  const firefox = await Firefox.start();
  const digestOfKernel = (kernel: string) =>
    firefox.evaluate<string | null>(
      `(kernel, model, series, count) => {
        ${script}
        const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        if (!WebAssembly.validate(bytesOf(kernel))) return null;
        return digitmint.digestHere(bytesOf(kernel), bytesOf(model), series, count);
      }`,
      base64Of(kernel),
      model,
      SERIES,
      count,
    );
  try {
    const relaxed = await digestOfKernel('sampler.wasm');
    const plain = await digestOfKernel('sampler-plain.wasm');
    return {
      ...(relaxed !== null && { 'Firefox, relaxed SIMD': relaxed }),
      'Firefox, plain SIMD': String(plain),
    };
  } finally {
    await firefox.close();
  }
}

const base64Of = (name: string) => Buffer.from(fileOf(name)).toString('base64');

/** digest.ts as a script for a browser, which leaves its exports in a variable `digitmint`. */
async function digestScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('digest.ts', import.meta.url).pathname],
    bundle: true,
    format: 'iife',
    globalName: 'digitmint',
    write: false,
  });
  return outputFiles[0].text;
}
