/**
 * HTTP/1.1 on a bare socket: what fetch would repair or refuse goes out as it is written. One connection, one request
 * at a time, kept alive as long as the server allows it. Not here: TLS, pipelining, trailers.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Request {
  readonly method: string;
  /** What stands between method and version, byte for byte (Latin-1). */
  readonly target: string;
  /** In their order, names and values byte for byte (Latin-1). */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface Answer {
  readonly status: number;
  /** As they came, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The connection broke, or nothing came in time. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

const TIMEOUT_MS = 30_000;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

export class Client {
  readonly #url: URL;
  #socket: Socket | undefined;
  #received = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(url: URL) {
    this.#url = url;
  }

  /** @throws ConnectionError */
  async send(request: Request): Promise<Answer> {
    const socket = await this.#connected();
    const { method, target, headers } = request;
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'));
    const head = await this.#readUntil(END_OF_HEAD);
    const answer = await this.#readBody(request, parseHead(head));
    if (valueOf(answer.headers, 'connection')?.toLowerCase() === 'close') this.close();
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#received = Buffer.alloc(0);
  }

  async #connected(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed && this.#socket.readable) return this.#socket;
    this.close();
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    socket.setNoDelay(true);
    await once(socket, 'connect');
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    for (const event of ['close', 'end', 'error']) socket.on(event, () => this.#wake());
    this.#socket = socket;
    return socket;
  }

  async #readUntil(mark: Buffer): Promise<Buffer> {
    for (;;) {
      const at = this.#received.indexOf(mark);
      if (at >= 0) return this.#take(at + mark.length);
      await this.#more();
    }
  }

  async #read(bytes: number): Promise<Buffer> {
    while (this.#received.length < bytes) await this.#more();
    return this.#take(bytes);
  }

  #take(bytes: number): Buffer {
    const taken = this.#received.subarray(0, bytes);
    this.#received = this.#received.subarray(bytes);
    return taken;
  }

  async #more(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.destroyed || socket.readableEnded) {
      const { length } = this.#received;
      this.close();
      throw new ConnectionError(`the connection ended after ${length} bytes of an answer`);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#wake = () => resolve(true);
    const timer = setTimeout(() => resolve(false), TIMEOUT_MS);
    const hasCome = await promise;
    clearTimeout(timer);
    if (hasCome) return;
    this.close();
    throw new ConnectionError(`no answer in ${TIMEOUT_MS / 1000} s`);
  }

  async #readBody({ method }: Request, head: Omit<Answer, 'body'>): Promise<Answer> {
    const { status, headers } = head;
    if (method === 'HEAD' || status === 204 || status === 304 || status < 200) {
      return { ...head, body: Buffer.alloc(0) };
    }
    if (valueOf(headers, 'transfer-encoding') === 'chunked') {
      return { ...head, body: await this.#readChunks() };
    }
    const length = Number(valueOf(headers, 'content-length') ?? 0);
    return { ...head, body: Buffer.from(await this.#read(length)) };
  }

  async #readChunks(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (;;) {
      const size = Number.parseInt((await this.#readUntil(Buffer.from('\r\n'))).toString(), 16);
      const chunk = await this.#read(size + 2);
      if (size === 0) return Buffer.concat(chunks);
      chunks.push(Buffer.from(chunk.subarray(0, size)));
    }
  }
}

/** A header's value, of several the first. */
export function valueOf(headers: Answer['headers'], name: string): string | undefined {
  return headers.find(([each]) => each === name)?.[1];
}

function parseHead(head: Buffer): Omit<Answer, 'body'> {
  const [statusLine, ...lines] = head.toString('latin1').trimEnd().split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]), headers };
}
