/** Answers other than success: problem documents, https://www.rfc-editor.org/rfc/rfc9457 */

import { HTTPException } from 'hono/http-exception';

import { answer, type Headers } from './answer.ts';

const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** Thrown wherever it turns out that a request cannot be answered. */
export class Problem extends HTTPException {
  override readonly name = 'Problem';
  readonly #title: string;
  readonly #extra: Readonly<Record<string, unknown>>;
  readonly #headers: Headers;

  /**
   * @param detail what happened, for people
   * @param extra further members of the document, for programs
   */
  constructor(
    status: keyof typeof TITLES,
    detail: string,
    extra: Readonly<Record<string, unknown>> = {},
    headers: Headers = {},
  ) {
    super(status, { message: detail });
    this.#title = TITLES[status];
    this.#extra = extra;
    this.#headers = headers;
  }

  /** The type is "about:blank", since the status says what kind of problem it is. */
  override getResponse(): Response {
    const document = {
      type: 'about:blank',
      title: this.#title,
      status: this.status,
      detail: this.message,
      ...this.#extra,
    };
    return answer(this.status, JSON.stringify(document), {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...this.#headers,
    });
  }
}

/** For Hono's onError. Anything but a Problem is a bug, whose details go to the log alone. */
export function answerError(error: unknown): Response {
  if (error instanceof Problem) return error.getResponse();
  console.error(error);
  return new Problem(500, 'The server failed to make this answer.').getResponse();
}
