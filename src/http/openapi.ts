/** `/openapi.json`: the document that the Worker is built with, filled in with what depends on where it runs. */

import type { Handler } from 'hono';

import { answer, DOCUMENT_HEADERS } from './answer.ts';
import { type AppEnv, settingsOf } from './bindings.ts';
import { mountPathOf } from './mount.ts';
import { originOf } from './permalink.ts';

/** Placeholder for what paths are below, inside strings of the document. */
export const ORIGIN = '{{origin}}';
/** Placeholder, a string, for the bound on `count`, a number. */
export const MAX_COUNT_PLACEHOLDER = '{{maxCount}}';

/** @param document JSON with both placeholders */
export function answerApi(document: string): Handler<AppEnv> {
  return (c) => {
    const base = originOf(c.req.url) + mountPathOf(c);
    const origin = JSON.stringify(base).slice(1, -1);
    const json = document
      .replaceAll(`"${MAX_COUNT_PLACEHOLDER}"`, `${settingsOf(c.env).maxCount}`)
      .replaceAll(ORIGIN, () => origin);
    return answer(200, json, DOCUMENT_HEADERS);
  };
}
