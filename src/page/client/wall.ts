/**
 * The wall: the digits of a series, the same as the server's /digits for its seed, or only those of one
 * class.
 */

import { type Motif, nounOf } from '../../digit.ts';
import type { Digit } from '../../sampler/sampler.ts';
import { freshSeed, seedInSeries } from '../../sampler/seed.ts';
import { type Model } from '../../weights/model.ts';
import type { Address, State } from './address.ts';
import { byId, formatLinks, nextFrame } from './dom.ts';
import { addressOf, formOf, onOtherLooks, shownColours, shownScale } from './links.ts';
import { named, paint } from './picture.ts';
import type { Source } from './source.ts';

/** Divisible by 6, 8 and 12, the columns that page.css lays out. */
const CELLS = 48;
/** The wall stays short if the generator hardly ever draws a class. */
const MAX_SEARCHED = 4096;
/** Draws in slices this long, so that the page stays responsive. */
const SLICE_MS = 12;

/** The wall stays empty until it is filled with a model's digits. */
export function createWall(
  address: Address,
  show: (source: Source) => void,
): {
  readonly fill: (model: Model) => Promise<void>;
} {
  const wall = byId('wall', HTMLElement);
  const state = byId('wall-state', HTMLElement);
  const links = byId('wall-links', HTMLElement);
  const filter = byId('filter', HTMLFieldSetElement);
  const cells = Array.from({ length: CELLS }, () => createCell(show));
  wall.append(...cells);
  wall.hidden = false;
  moveByArrows(wall, cells);

  let series = address.state().wall?.toWellFormed() ?? freshSeed();
  /** Counts drawings, so that one notices when another has begun. */
  let turn = 0;

  async function draw(model: Model): Promise<void> {
    const mine = ++turn;
    const label = chosenClass();
    const { motif, isConditional } = model;
    // A conditional generator draws what it is asked for, and of others' digits those of a class are picked.
    const wish = isConditional && label !== undefined ? { label } : {};
    const asked = wish.label === undefined ? undefined : motif.classes[wish.label].number;
    wall.ariaBusy = 'true';
    links.hidden = true;
    let filled = 0;
    let until = performance.now() + SLICE_MS;
    for (let index = 0; filled < CELLS && index < MAX_SEARCHED; index++) {
      const seed = seedInSeries(series, index);
      const digit = model.sampler.digit(seed, wish);
      if (label === undefined || digit.label === label) {
        put(cells[filled++], { seed, label: asked }, digit, motif);
      }
      if (performance.now() < until) continue;
      until = (await nextFrame()) + SLICE_MS;
      if (mine !== turn) return;
    }
    for (const [index, cell] of cells.entries()) cell.hidden = index >= filled;
    if (cells.some((cell) => cell.hidden && cell.tabIndex === 0)) reachByTab(cells[0], cells);
    wall.ariaBusy = 'false';
    const fresh = `${filled} fresh ${nounOf(motif)}s`;
    state.textContent =
      label === undefined ? `${fresh}.` : `${fresh}, each ${named(label, motif)}.`;
    links.hidden = label !== undefined && asked === undefined;
    writeLinks(model);
  }

  function writeLinks({ motif, isConditional, shownHash }: Model): void {
    const label = chosenClass();
    const asked = label === undefined || !isConditional ? undefined : motif.classes[label].number;
    const values = { seed: series, model: shownHash, count: CELLS, label: asked };
    const [first] = cells;
    const cols = cells.filter(({ offsetTop }) => offsetTop === first.offsetTop).length;
    const canvas = first.querySelector('canvas');
    const scale = canvas ? shownScale(canvas, motif, CELLS) : 1;
    for (const link of formatLinks(links)) {
      link.href = addressOf({ path: '/digits', values }, formOf(link), {
        scale,
        ...shownColours(),
        cols,
      });
    }
  }

  function chosenClass(): number | undefined {
    const chosen = filter.querySelector<HTMLInputElement>(':checked')?.value;
    return chosen ? Number(chosen) : undefined;
  }

  /** @returns whether anything is different */
  function apply({ wall: seed, only = '' }: State): boolean {
    const inputs = Array.from(filter.querySelectorAll('input'));
    const wanted = inputs.find(({ value }) => value === only) ?? inputs[0];
    const isOther = !wanted.checked || (seed !== undefined && seed.toWellFormed() !== series);
    wanted.checked = true;
    series = seed?.toWellFormed() ?? series;
    return isOther;
  }

  return {
    fill(model) {
      byId('wall-bar', HTMLElement).hidden = false;
      filter.append(...choicesOf(model.motif));
      filter.hidden = model.motif.classes.length === 0;
      apply(address.state());
      address.replace({ wall: series });
      address.onTravel((next) => {
        if (apply(next)) void draw(model);
      });
      onOtherLooks(() => {
        writeLinks(model);
      });
      filter.addEventListener('change', () => {
        address.push({ only: filter.querySelector<HTMLInputElement>(':checked')?.value });
        void draw(model);
      });
      byId('fresh', HTMLButtonElement).addEventListener('click', () => {
        series = freshSeed();
        address.push({ wall: series });
        void draw(model);
      });
      return draw(model);
    },
  };
}

function createCell(show: (source: Source) => void): HTMLButtonElement {
  const cell = document.createElement('button');
  cell.type = 'button';
  cell.disabled = true;
  cell.ariaLabel = 'to come';
  cell.append(document.createElement('canvas'));
  cell.addEventListener('click', () => {
    const label = cell.dataset['label'];
    show({ seed: cell.value, label: label === undefined ? undefined : Number(label) });
  });
  return cell;
}

/** @param source with a seed, and the class if it was asked for */
function put(
  cell: HTMLButtonElement,
  { seed = '', label: asked }: Source,
  { label, pixels }: Digit,
  motif: Motif,
): void {
  cell.value = seed;
  if (asked === undefined) delete cell.dataset['label'];
  else cell.dataset['label'] = `${asked}`;
  cell.ariaLabel = `${named(label, motif)}, seed ${seed}`;
  cell.disabled = false;
  const canvas = cell.querySelector('canvas');
  if (canvas) paint(canvas, pixels, motif);
}

/** A choice for each class. */
function choicesOf({ classes }: Motif): HTMLLabelElement[] {
  return classes.map(({ name }, place) => createChoice(place, name));
}

/** @param label the place of a class */
function createChoice(label: number, shown: string): HTMLLabelElement {
  const choice = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'label';
  input.value = `${label}`;
  const text = document.createElement('span');
  text.textContent = shown;
  choice.append(input, text);
  return choice;
}

/** Tab reaches one of the cells; arrows, Home and End move on from there (https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/). */
function moveByArrows(wall: HTMLElement, cells: readonly HTMLButtonElement[]): void {
  reachByTab(cells[0], cells);
  wall.addEventListener('focusin', ({ target }) => {
    reachByTab(target, cells);
  });
  wall.addEventListener('keydown', (event) => {
    const shown = cells.filter((cell) => !cell.hidden);
    const at = shown.findIndex((cell) => cell === event.target);
    const columns = shown.filter(({ offsetTop }) => offsetTop === shown[0].offsetTop).length;
    const goal = { ...goals(at, columns), Home: 0, End: shown.length - 1 }[event.key];
    if (goal === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    shown.at(goal < 0 ? 0 : goal)?.focus();
  });
}

function reachByTab(one: EventTarget | null, cells: readonly HTMLButtonElement[]): void {
  for (const cell of cells) cell.tabIndex = cell === one ? 0 : -1;
}

function goals(at: number, columns: number): Readonly<Record<string, number>> {
  return {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns < 0 ? at : at - columns,
    ArrowDown: at + columns,
  };
}
