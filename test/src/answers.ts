/**
 * The SHA-256 of whole answers by path, in answers.json, for a model that no training changes. A permalink
 * promises these bytes for as long as ANSWERS_VERSION stays the same. To record them after raising it:
 *
 *     npm run build && npx node test/src/answers.ts
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import { createApp } from '../../src/app.ts';
import { createModel } from '../../src/weights/model.ts';
import { ANSWERS_VERSION } from '../../src/weights/packed.ts';
import { loadKernel } from '../../training/bundle/engine.ts';
import {
  CONDITIONAL,
  packedOf,
  randomClassifier,
  randomNetwork,
} from '../training/bundle/networks.ts';

const file = new URL('answers.json', import.meta.url);

/** Each format at least once, with the parameters that shape it. */
const PATHS = [
  '/digit.png?seed=a',
  '/digit.png?seed=a&scale=2',
  '/digit.png?seed=a&scale=5',
  '/digit.png?seed=a&scale=32',
  '/digit.png?seed=a&fg=fff&bg=000',
  '/digit.png?seed=a&fg=c30&bg=fff',
  '/digit.svg?seed=a&scale=3&fg=c30',
  '/digit.json?seed=a',
  '/digit.txt?seed=a&bg=123',
  '/digit.npy?seed=a',
  '/7.png?seed=a',
  '/3.json?seed=a&raw=1',
  '/digits.png?seed=a&count=23&cols=7',
  '/digits.svg?seed=a&count=12',
  '/digits.json?seed=a&count=3&label=4',
  '/digits.npy?seed=a&count=5',
  '/digits.idx?seed=a&count=5&raw=1',
  '/digit.png?seed=a&fg=c30&bg=transparent',
  '/digit.svg?seed=a&bg=transparent',
  '/number/2024.png?seed=a&scale=2',
  '/number/2024.json?seed=a&raw=1',
  '/walk.apng?from=a&to=b&frames=5&bg=transparent',
  '/walk.png?from=a&to=b&frames=5',
  '/walk.gif?from=a&to=b&frames=5&scale=2',
];

export interface Answers {
  readonly version: number;
  /** 64 hex digits by path. */
  readonly answers: Readonly<Record<string, string>>;
}

export function recordedAnswers(): Answers {
  return JSON.parse(readFileSync(file, 'utf8')) as Answers;
}

/** What is answered now. */
export async function currentAnswers(): Promise<Answers> {
  const kernel = loadKernel();
  const generator = randomNetwork([110, 30, 784], 'answers', CONDITIONAL);
  const app = createApp(createModel(kernel, packedOf(generator, randomClassifier())));
  const answers: Record<string, string> = {};
  for (const path of PATHS) {
    const response = await app.request(path, {}, { ORIGIN: 'http://localhost' });
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    answers[path] = createHash('sha256').update(bytes).digest('hex');
  }
  return { version: ANSWERS_VERSION, answers };
}

if (import.meta.main) {
  const current = await currentAnswers();
  const { version, answers } = recordedAnswers();
  const changed = Object.keys(answers).find((path) => answers[path] !== current.answers[path]);
  if (changed !== undefined && version === ANSWERS_VERSION) {
    throw new Error(`${changed} has other bytes than before: raise ANSWERS_VERSION first`);
  }
  writeFileSync(file, `${JSON.stringify(current, null, 2)}\n`);
}
