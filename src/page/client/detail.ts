/** One digit, large: what it is, where to get it again, and what to do with it. */

import type { Model } from '../../weights/model.ts';
import { byId, formatLinks } from './dom.ts';
import { curlLine, digitPath } from './links.ts';
import { named, paint, percent } from './picture.ts';

/** What a visitor can do with the digit of a seed. */
export interface Uses {
  readonly walkFrom: (seed: string) => void;
  readonly walkTo: (seed: string) => void;
  readonly steer: (seed: string) => void;
}

/** @returns a function that shows the digit of a seed */
export function createDetail(model: Model, uses: Uses): (seed: string) => void {
  const dialog = byId('detail', HTMLDialogElement);
  const picture = byId('detail-picture', HTMLCanvasElement);
  const links = formatLinks(dialog);
  let shown = '';

  const use = (id: string, then: (seed: string) => void) => {
    byId(id, HTMLButtonElement).addEventListener('click', () => {
      dialog.close();
      then(shown);
    });
  };
  use('detail-from', uses.walkFrom);
  use('detail-to', uses.walkTo);
  use('detail-steer', uses.steer);
  // For browsers that do not know closedby="any" yet.
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });

  return (seed) => {
    shown = seed;
    const { pixels, label, confidence } = model.sampler.digit(seed);
    paint(picture, pixels);
    picture.ariaLabel = `${named(label)}, handwritten`;
    byId('detail-title', HTMLElement).textContent = label === 8 ? 'An 8' : `A ${label}`;
    byId('detail-seed', HTMLElement).textContent = seed;
    byId('detail-label', HTMLElement).textContent = `${label}`;
    byId('detail-confidence', HTMLElement).textContent = percent(confidence);
    const pathAs = (format: string) => digitPath(seed, model.shownHash, format);
    const url = location.origin + pathAs('png');
    byId('detail-permalink', HTMLInputElement).value = url;
    byId('detail-curl', HTMLInputElement).value = curlLine(url);
    for (const [format, link] of links) link.href = pathAs(format);
    dialog.showModal();
  };
}
