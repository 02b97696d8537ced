/** `/openapi.json`: the document that the Worker is built with, filled in with what depends on where it runs. */

import type { Handler } from 'hono';

import { answer, DOCUMENT_HEADERS } from './answer.ts';
import { type AppEnv, settingsOf } from './bindings.ts';
import { mountPathOf } from './mount.ts';

/** Placeholder for what paths are below, a URL that may be relative to the document's own. */
export const SERVER = '{{server}}';
/** Placeholder for the same in a shell, where it has to be absolute. */
export const ORIGIN = '{{origin}}';
/** Placeholder, a string, for the bound on `count`, a number. */
export const MAX_COUNT_PLACEHOLDER = '{{maxCount}}';

/** What documentation calls the origin of a Worker whose operator names none. */
const SOME_ORIGIN = 'https://digitmint.YOUR-NAME.workers.dev';

/** @param document JSON with the placeholders */
export function answerApi(document: string): Handler<AppEnv> {
  return (c) => {
    const { origin, maxCount } = settingsOf(c.env);
    const mountPath = mountPathOf(c);
    const json = document
      .replaceAll(`"${MAX_COUNT_PLACEHOLDER}"`, `${maxCount}`)
      .replaceAll(SERVER, () => inJson(origin + mountPath || '/'))
      .replaceAll(ORIGIN, () => inJson((origin || SOME_ORIGIN) + mountPath));
    return answer(200, json, DOCUMENT_HEADERS);
  };
}

/** The inside of a string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
