/**
 * Random and hostile requests against the Worker as it is deployed, in the Workers runtime: only statuses of the
 * interface, bodies that are what they say, HEAD as GET, level memory. Not here: load (load.ts).
 */

import { Random } from '../../../src/sampler/random.ts';
import { type Runtime, startRuntime } from '../../bundle/runtime.ts';
import { bundle } from '../../bundle/worker.ts';
import type { Attack, Watch } from '../attack.ts';
import { growthOf } from '../memory.ts';
import { type Answer, Client, type Request, valueOf } from './client.ts';
import { faultOf, isWorkers } from './judge.ts';
import { randomRequest } from './random-request.ts';

const CONNECTIONS = 4;
/** One of so many GETs is asked again as HEAD, and by its entity tag. */
const AGAIN = 10;
/** Memory is looked at so many times. */
const LOOKS = 10;

export const requests: Attack = {
  cases: 'requests',
  about: 'random and hostile requests against the production bundle in the Workers runtime',
  preset: 100_000,
  async run(seed, count, watch) {
    const runtime = await startRuntime(await bundle());
    try {
      return await attack(runtime, seed, count, watch);
    } finally {
      await runtime.stop();
    }
  },
};

async function attack(runtime: Runtime, seed: string, count: number, watch: Watch) {
  const model = await modelAt(runtime.url);
  const statuses = new Map<string, number>();
  let [sent, done] = [0, 0];
  const memory: (number | undefined)[] = [];

  async function connection(): Promise<void> {
    const client = new Client(runtime.url);
    for (let index = sent++; index < count; index = sent++) {
      const random = Random.fromString(`${seed} ${index}`);
      const request = randomRequest(random, model);
      try {
        const answer = await client.send(request);
        const key = isWorkers(answer) ? `${answer.status}` : `${answer.status} by the runtime`;
        statuses.set(key, (statuses.get(key) ?? 0) + 1);
        const again = random.below(AGAIN) === 0;
        const fault =
          faultOf(request, answer) ?? (again ? await repeated(client, request, answer) : undefined);
        if (fault !== undefined) watch.found(`${describe(index, request)}: ${fault}`);
      } catch (error) {
        client.close();
        watch.found(`${describe(index, request)}: ${String(error)}`);
      }
      watch.done(++done);
      if (done % Math.ceil(count / LOOKS) === 0) memory.push(runtime.memoryBytes());
    }
    client.close();
  }

  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const tally = Array.from(statuses, ([status, times]) => `${status} × ${times}`).toSorted();
  return `${tally.join(', ')}; ${growthOf(memory, watch)}.`;
}

/** What is wrong with the same request as HEAD and, where it has a tag, with the tag that it came with. */
async function repeated(client: Client, request: Request, answer: Answer) {
  if (request.method !== 'GET' || !isWorkers(answer)) return undefined;
  const head = await client.send({ ...request, method: 'HEAD' });
  if (head.status !== answer.status) return `HEAD answers ${head.status}, GET ${answer.status}`;
  const [inGet, inHead] = [answer, head].map(({ headers }) => comparable(headers));
  if (inGet !== inHead) return `HEAD has the headers ${inHead}, GET ${inGet}`;
  const tag = valueOf(answer.headers, 'etag');
  if (tag === undefined || valueOf(answer.headers, 'cache-control') === 'no-store') {
    return undefined;
  }
  const others = request.headers.filter(([name]) => name !== 'If-None-Match');
  const known = await client.send({ ...request, headers: [...others, ['If-None-Match', tag]] });
  return known.status === 304 ? undefined : `its own entity tag is answered ${known.status}`;
}

/** Of what is drawn afresh, only the names. */
function comparable(headers: Answer['headers']): string {
  const isFresh = valueOf(headers, 'cache-control') === 'no-store';
  const compared = headers.filter(([name]) => name !== 'date');
  const lines = compared.map(([name, value]) => (isFresh ? name : `${name}: ${value}`));
  return lines.toSorted().join('; ');
}

async function modelAt(url: URL): Promise<string> {
  const { model } = (await (await fetch(new URL('/health', url))).json()) as { model: string };
  return model;
}

function describe(index: number, { method, target, headers }: Request): string {
  const text = `${method} ${target} ${JSON.stringify(headers)}`;
  return `request ${index}, ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`;
}
