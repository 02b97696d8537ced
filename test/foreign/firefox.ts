/**
 * Firefox, driven by WebDriver BiDi, the one protocol that it speaks without another program. Tests skip what needs
 * it if none is installed. Not here: what playwright-core does for Chromium beyond opening and asking pages.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const executablePath = [
  process.env['FIREFOX'],
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
].find((path) => path !== undefined && existsSync(path));

/** Whether this machine has Firefox. */
export const hasFirefox = executablePath !== undefined;
if (!hasFirefox) {
  console.warn('Found no Firefox, so tests that need one are skipped; FIREFOX may name its path.');
}

/** What Firefox sends: the answer to a command, by its number, or an event. */
interface Message {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly method?: string;
  readonly message?: string;
  readonly result?: unknown;
  /** Of the events that are subscribed to: of an entry in the log, or of a request. */
  readonly params?: {
    readonly level?: string;
    readonly text?: string;
    readonly request?: { readonly url: string };
  };
}

interface Evaluated {
  readonly type: 'success' | 'exception';
  readonly result?: { readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** A browser with one page and a profile of its own, which {@link close} removes. */
export class Firefox {
  /** What the page logged, threw and could not load. */
  readonly complaints: string[] = [];
  /** The addresses that the page asked for. */
  readonly requests: string[] = [];
  readonly #process: ChildProcess;
  readonly #socket: WebSocket;
  readonly #profile: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #context = '';
  #sent = 0;

  private constructor(browser: ChildProcess, socket: WebSocket, profile: string) {
    this.#process = browser;
    this.#socket = socket;
    this.#profile = profile;
    socket.addEventListener('message', ({ data }) => {
      this.#receive(JSON.parse(String(data)) as Message);
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox is gone'));
    });
  }

  static async start(): Promise<Firefox> {
    if (executablePath === undefined) throw new Error('found no Firefox');
    const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
    const flags = ['--headless', '--no-remote', '--remote-debugging-port', '0'];
    const browser = spawn(executablePath, [...flags, '--profile', profile], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const socket = new WebSocket(`${await addressOf(browser)}/session`);
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', reject);
      });
      const firefox = new Firefox(browser, socket, profile);
      await firefox.#beginSession();
      return firefox;
    } catch (error) {
      browser.kill();
      throw error;
    }
  }

  async #beginSession(): Promise<void> {
    await this.#send('session.new', { capabilities: {} });
    const { context } = await this.#send<{ context: string }>('browsingContext.create', {
      type: 'tab',
    });
    this.#context = context;
    await this.#send('session.subscribe', {
      events: ['log.entryAdded', 'network.beforeRequestSent', 'network.fetchError'],
      contexts: [this.#context],
    });
  }

  /** Opens an address, up to the page's `load` event. */
  async open(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', {
      context: this.#context,
      url,
      wait: 'complete',
    });
  }

  /**
   * What a function of JavaScript gives in the page, awaited; values travel as JSON.
   * @param script the source of an expression that is a function
   */
  async evaluate<T>(script: string, ...values: readonly unknown[]): Promise<T> {
    const { result, exceptionDetails } = await this.#send<Evaluated>('script.evaluate', {
      target: { context: this.#context },
      expression: `(async () => JSON.stringify(await (${script})(...${JSON.stringify(values)})))()`,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result?.value ?? 'null') as T;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#process.once('exit', resolve);
    });
    this.#process.kill();
    await ended;
    this.#socket.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  #send<T>(method: string, params: Readonly<Record<string, unknown>>): Promise<T> {
    const id = ++this.#sent;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise as Promise<T>;
  }

  #receive({ id, type, method, message, result, params = {} }: Message): void {
    if (id === undefined) {
      const url = params.request?.url ?? '';
      if (method === 'log.entryAdded') this.complaints.push(`${params.level}: ${params.text}`);
      if (method === 'network.beforeRequestSent') this.requests.push(url);
      if (method === 'network.fetchError') this.complaints.push(`failed: ${url}`);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === 'error') waiting?.reject(new Error(`Firefox: ${message}`));
    else waiting?.resolve(result);
  }
}

/** Where a browser that was just started listens, which it says on its standard error. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('Firefox has no standard error');
  for await (const line of createInterface({ input: stderr })) {
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
  }
  throw new Error('Firefox ended before it listened');
}
