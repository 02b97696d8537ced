/** `/health`: that weights and kernel are sound, and which model they are. */

import type { Model } from '../weights/model.ts';

/** @throws Error where no digit can be drawn */
export function describeHealth({ sampler, shownHash }: Model): object {
  sampler.digit('health', { raw: true });
  return { status: 'ok', model: shownHash };
}
