/** The Worker as it would be deployed, against the platform's limits (developers.cloudflare.com/workers/platform/limits). */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MAX_BUNDLE_BYTES, MAX_GZIPPED_BUNDLE_BYTES } from '../bundle/limits.ts';
import { startRuntime } from '../bundle/runtime.ts';
import { bundle, sizeOf } from '../bundle/worker.ts';
import { reasonOf } from '../cli/failure.ts';
import { limitLines } from './limit.ts';
import { judge, type Line, missing } from './line.ts';

const MAX_START_MS = 1000;
const COLD_STARTS = 5;

const root = fileURLToPath(new URL('../../', import.meta.url));

export async function edgeLines(): Promise<Line[]> {
  const lines = [
    ...missing(
      root,
      'weights/generator.safetensors',
      'git checkout weights brings it back; train:wasm and then quantize make another',
    ),
    ...missing(
      root,
      'weights/classifier.safetensors',
      'git checkout weights brings it back; train:classifier makes another',
    ),
  ];
  if (lines.length > 0) return lines;
  try {
    return [...(await limitLines(join(root, 'wrangler.toml'))), ...(await measure())];
  } catch (error) {
    return [{ name: 'Worker', found: 'none', verdict: 'missing', advice: reasonOf(error) }];
  }
}

async function measure(): Promise<Line[]> {
  const code = await bundle();
  const { sizeBytes, gzipBytes } = sizeOf(code);
  const startsMs: number[] = [];
  for (let i = 0; i < COLD_STARTS; i++) {
    const startMs = performance.now();
    const runtime = await startRuntime(code);
    try {
      const answer = await fetch(new URL('/digit.png?seed=doctor', runtime.url));
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`The Worker answered ${answer.status}, expected 200.`);
      startsMs.push(performance.now() - startMs);
    } finally {
      await runtime.stop();
    }
  }
  const firstMs = startsMs.toSorted((a, b) => a - b)[COLD_STARTS >> 1];
  const larger = 'the platform may refuse it; smaller weights or fewer dependencies help';
  return [
    judge(
      'Worker',
      `${kilobytes(sizeBytes)} of ${MAX_BUNDLE_BYTES / 2 ** 20} MiB`,
      sizeBytes <= MAX_BUNDLE_BYTES,
      larger,
    ),
    judge(
      'Worker, gzipped',
      `${kilobytes(gzipBytes)} of ${MAX_GZIPPED_BUNDLE_BYTES / 1e6} MB`,
      gzipBytes <= MAX_GZIPPED_BUNDLE_BYTES,
      larger,
    ),
    judge(
      'Worker, first answer',
      `${Math.round(firstMs)} ms of ${MAX_START_MS / 1000} s, the runtime's own start included`,
      firstMs <= MAX_START_MS,
      'the limit counts the Worker alone, so look for other programs first',
    ),
  ];
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000).toLocaleString('en')} kB`;
}
