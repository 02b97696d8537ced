/** One digit, large: what it is, where to get it again, and what to do with it. */

import { areNamed, type PictureClass } from '../../digit.ts';
import type { Model } from '../../weights/model.ts';
import { byId, formatLinks } from './dom.ts';
import { curlLine, digitPath } from './links.ts';
import { described, named, paint, percent } from './picture.ts';

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
  const { motif } = model;
  const classText = ({ number, name }: PictureClass): string =>
    areNamed(motif.classes) ? `${name} (${number})` : name;
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
    paint(picture, pixels, motif);
    picture.ariaLabel = described(label, motif);
    byId('detail-title', HTMLElement).textContent = capitalized(named(label, motif));
    byId('detail-seed', HTMLElement).textContent = seed;
    say('detail-label', label === undefined ? undefined : classText(motif.classes[label]));
    say('detail-confidence', confidence === undefined ? undefined : percent(confidence));
    const pathAs = (format: string) => digitPath(seed, model.shownHash, format);
    const url = location.origin + pathAs('png');
    byId('detail-permalink', HTMLInputElement).value = url;
    byId('detail-curl', HTMLInputElement).value = curlLine(url);
    for (const [format, link] of links) link.href = pathAs(format);
    dialog.showModal();
  };
}

/** Fills a row of the list, which is hidden where there is nothing to say. */
function say(id: string, text: string | undefined): void {
  const cell = byId(id, HTMLElement);
  cell.textContent = text ?? '';
  if (cell.parentElement) cell.parentElement.hidden = text === undefined;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
