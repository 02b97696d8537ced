/** Requests over a few keep-alive connections, each with a seed of its own. */

import { Agent, get } from 'node:http';

const CONNECTIONS = 4;
const DIGIT = '/digit.png';

let nextSeed = 0;

/** Waits for the whole answer to `path?seed=…`. @throws Error unless it is a 200 with a body */
export function requestDigit(url: URL, path = DIGIT, agent?: Agent): Promise<void> {
  const target = new URL(`${path}${path.includes('?') ? '&' : '?'}seed=bench-${nextSeed++}`, url);
  return new Promise((resolve, reject) => {
    const request = get(target, agent ? { agent } : {}, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200 && bytes > 0) resolve();
        else reject(new Error(`${target} answered ${response.statusCode} with ${bytes} bytes`));
      });
    });
    request.on('error', reject);
  });
}

/** Requests pictures for `durationMs`, as fast as they are answered. @returns how many were answered */
export async function load(url: URL, durationMs: number, path = DIGIT): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + durationMs;
  let answered = 0;
  const connection = async () => {
    while (performance.now() < end) {
      await requestDigit(url, path, agent);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  agent.destroy();
  return answered;
}
