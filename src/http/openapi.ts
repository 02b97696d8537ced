/** `/openapi.json`: the document that the Worker is built with, once it is known where it is served. */

import type { Handler } from 'hono';

import { answer, DOCUMENT_HEADERS } from './answer.ts';
import { type AppEnv, settingsOf } from './bindings.ts';
import { originOf } from './permalink.ts';

/** Stands for the origin, within texts of the document. */
export const ORIGIN = '{{origin}}';
/** Stands, as a text, for the bound on `count`, which is a number. */
export const MAX_COUNT = '{{maxCount}}';

/** @param document JSON with both left to be filled in */
export function answerApi(document: string): Handler<AppEnv> {
  return ({ req, env }) => {
    const origin = JSON.stringify(originOf(req.url)).slice(1, -1);
    const json = document
      .replaceAll(`"${MAX_COUNT}"`, `${settingsOf(env).maxCount}`)
      .replaceAll(ORIGIN, () => origin);
    return answer(200, json, DOCUMENT_HEADERS);
  };
}
