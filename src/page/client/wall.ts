/**
 * The wall: the digits of a series, the same as the server's /digits for its seed, or only those of one
 * class.
 */

import { type Motif, nounOf } from '../../digit.ts';
import type { Digit } from '../../sampler/sampler.ts';
import { freshSeed, seedInSeries } from '../../sampler/seed.ts';
import { type Model } from '../../weights/model.ts';
import { byId, formatLinks, nextFrame } from './dom.ts';
import { digitsPath } from './links.ts';
import { named, paint } from './picture.ts';

/** Divisible by 6, 8 and 12, the columns that page.css lays out. */
const CELLS = 48;
const COLUMNS = 12;
/** The wall stays short if the generator hardly ever draws a class. */
const MAX_SEARCHED = 4096;
/** Draws in slices this long, so that the page stays responsive. */
const SLICE_MS = 12;

/** The wall stays empty until it is filled with a model's digits. */
export function createWall(show: (seed: string) => void): {
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

  let series = freshSeed();
  /** Counts drawings, so that one notices when another has begun. */
  let turn = 0;

  async function draw(model: Model): Promise<void> {
    const mine = ++turn;
    const chosen = filter.querySelector<HTMLInputElement>(':checked')?.value;
    const label = chosen ? Number(chosen) : undefined;
    wall.ariaBusy = 'true';
    links.hidden = true;
    let filled = 0;
    let until = performance.now() + SLICE_MS;
    for (let index = 0; filled < CELLS && index < MAX_SEARCHED; index++) {
      const seed = seedInSeries(series, index);
      const digit = model.sampler.digit(seed);
      if (label === undefined || digit.label === label) {
        put(cells[filled++], seed, digit, model.motif);
      }
      if (performance.now() < until) continue;
      until = (await nextFrame()) + SLICE_MS;
      if (mine !== turn) return;
    }
    for (const [index, cell] of cells.entries()) cell.hidden = index >= filled;
    if (cells.some((cell) => cell.hidden && cell.tabIndex === 0)) reachByTab(cells[0], cells);
    wall.ariaBusy = 'false';
    const fresh = `${filled} fresh ${nounOf(model.motif)}s`;
    state.textContent =
      label === undefined ? `${fresh}.` : `${fresh}, each ${named(label, model.motif)}.`;
    links.hidden = label !== undefined;
    for (const [format, link] of formatLinks(links)) {
      link.href = digitsPath(series, model.shownHash, format, CELLS, COLUMNS);
    }
  }

  return {
    fill(model) {
      byId('wall-bar', HTMLElement).hidden = false;
      filter.append(...choicesOf(model.motif));
      filter.hidden = model.motif.classes.length === 0;
      filter.addEventListener('change', () => void draw(model));
      byId('fresh', HTMLButtonElement).addEventListener('click', () => {
        series = freshSeed();
        void draw(model);
      });
      return draw(model);
    },
  };
}

function createCell(show: (seed: string) => void): HTMLButtonElement {
  const cell = document.createElement('button');
  cell.type = 'button';
  cell.disabled = true;
  cell.ariaLabel = 'to come';
  cell.append(document.createElement('canvas'));
  cell.addEventListener('click', () => {
    show(cell.value);
  });
  return cell;
}

function put(cell: HTMLButtonElement, seed: string, { label, pixels }: Digit, motif: Motif): void {
  cell.value = seed;
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
