/** One digit, large: what it is, how to get it again as it is shown, and what to do with it. */

import { areNamed, type PictureClass } from '../../digit.ts';
import type { Model } from '../../weights/model.ts';
import type { Address, State } from './address.ts';
import { byId, formatLinks } from './dom.ts';
import { addressOf, formOf, onOtherLooks, shownColours, shownScale } from './links.ts';
import { described, named, paint, percent } from './picture.ts';
import { createSnippets } from './snippets.ts';
import { drawingOf, drawnFrom, type Source } from './source.ts';

/** What a visitor can do with a digit. */
export interface Uses {
  readonly walkFrom: (seed: string) => void;
  readonly walkTo: (seed: string) => void;
  readonly steer: (source: Source) => void;
  readonly play: (source: Source) => void;
}

const NOTHING = { digit: undefined, latent: undefined, label: undefined };

/** @returns a function that shows a digit */
export function createDetail(model: Model, uses: Uses, address: Address): (source: Source) => void {
  const dialog = byId('detail', HTMLDialogElement);
  const picture = byId('detail-picture', HTMLCanvasElement);
  const links = formatLinks(dialog);
  const write = createSnippets(byId('detail-snippets', HTMLElement));
  const { motif } = model;
  const classText = ({ number, name }: PictureClass): string =>
    areNamed(motif.classes) ? `${name} (${number})` : name;
  let shown: Source = {};
  let alt = '';

  const use = (id: string, then: (source: Source) => void) => {
    byId(id, HTMLButtonElement).addEventListener('click', () => {
      dialog.close();
      address.replace(NOTHING);
      then(shown);
    });
  };
  use('detail-from', ({ seed = '' }) => {
    uses.walkFrom(seed);
  });
  use('detail-to', ({ seed = '' }) => {
    uses.walkTo(seed);
  });
  use('detail-steer', uses.steer);
  use('detail-play', uses.play);
  // For browsers that do not know closedby="any" yet.
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    address.push(NOTHING);
  });

  function writeLinks(): void {
    if (!dialog.open) return;
    const looks = { scale: shownScale(picture, motif), ...shownColours() };
    const drawing = drawingOf(shown, model);
    for (const link of links) link.href = addressOf(drawing, formOf(link), looks);
    const [png] = links;
    const { scale } = looks;
    const size = { width: motif.width * scale, height: motif.height * scale };
    write({ url: png.href, form: formOf(png), alt, ...size });
  }
  onOtherLooks(writeLinks);

  function open(source: Source): void {
    const digit = drawnFrom(source, model);
    if (!digit) return;
    shown = source;
    const { pixels, label, confidence } = digit;
    const { seed } = source;
    paint(picture, pixels, motif);
    alt = described(label, motif);
    picture.ariaLabel = alt;
    byId('detail-title', HTMLElement).textContent = capitalized(named(label, motif));
    say('detail-seed', seed);
    say('detail-latent', seed === undefined ? 'of its own, from the sliders' : undefined);
    say('detail-label', label === undefined ? undefined : classText(motif.classes[label]));
    say('detail-confidence', confidence === undefined ? undefined : percent(confidence));
    // Walks and sliders start from seeds.
    for (const id of ['detail-from', 'detail-to', 'detail-steer', 'detail-play']) {
      byId(id, HTMLButtonElement).hidden = seed === undefined;
    }
    if (!dialog.open) dialog.showModal();
    writeLinks();
  }

  address.onTravel((state) => {
    const source = sourceIn(state);
    if (source) open(source);
    else if (dialog.open) dialog.close();
  });
  const first = sourceIn(address.state());
  if (first) open(first);
  return (source) => {
    open(source);
    const { seed, latent, label } = source;
    address.push({ digit: seed, latent, label: label?.toString() });
  };
}

function sourceIn({ digit: seed, latent, label }: State): Source | undefined {
  if (seed === undefined && latent === undefined) return undefined;
  return { seed: seed?.toWellFormed(), latent, label: label === undefined ? label : Number(label) };
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
