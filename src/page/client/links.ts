/** Where the server has what the page shows: addresses that name the model, so that they give the same bytes for good. */

import type { Motif, Size } from '../../digit.ts';
import { MAX_PICTURE_PIXELS } from '../../http/bounds.ts';
import { permalink } from '../../http/permalink.ts';

/** What the server draws: a path without an ending, and what else chooses the content. */
export interface Drawing {
  readonly path: string;
  readonly values: Values;
}

/** How it looks, by the server's names. */
export interface Looks {
  readonly scale: number;
  readonly fg?: string | undefined;
  readonly bg?: string | undefined;
  readonly cols?: number | undefined;
}

type Values = Readonly<Record<string, string | number | undefined>>;

/** A form of the table of formats, as page.html has it: its name, and the options that make a difference to it. */
export interface Form {
  readonly name: string;
  readonly options: readonly string[];
}

const PARAMETERS: Readonly<Record<string, readonly (keyof Looks)[]>> = {
  scale: ['scale'],
  colours: ['fg', 'bg'],
  cols: ['cols'],
};

/** The form that an element of page.html names in its attributes. */
export function formOf({ dataset }: HTMLElement): Form {
  return { name: dataset['format'] ?? '', options: dataset['options']?.split(' ') ?? [] };
}

/** Path and query of a drawing in a form, with as much of its looks as there is to see. */
export function addressOf({ path, values }: Drawing, form: Form, looks: Looks): string {
  const seen = form.options.flatMap((option) => PARAMETERS[option] ?? []);
  const pairs = [...Object.entries(values), ...seen.map((name) => [name, looks[name]] as const)];
  const known = Object.fromEntries(pairs.filter(([, value]) => value !== ''));
  // Apostrophes would end the quotes of a shell.
  return permalink(`${path}.${form.name}`, known).replaceAll("'", '%27').replace(/\?$/, '');
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colours in which the page shows pictures: white on black, the server's own, or the other way round. */
export function shownColours(): Pick<Looks, 'fg' | 'bg'> {
  return dark.matches ? {} : { fg: '000000', bg: 'ffffff' };
}

/** Calls where the page gets other colours, or another width, and with them its pictures. */
export function onOtherLooks(listener: () => void): void {
  dark.addEventListener('change', listener);
  addEventListener('resize', listener);
}

/**
 * The whole scale at which pictures on this canvas are shown, or as much of it as the server's usual bound allows.
 * @param pictures how many one answer has
 */
export function shownScale(canvas: HTMLCanvasElement, motif: Motif, pictures = 1): number {
  const { width, height } = canvas.getBoundingClientRect();
  const shown = Math.round(Math.min(width / motif.width, height / motif.height));
  return Math.max(1, Math.min(shown, maxScale(motif, pictures), 32));
}

function maxScale({ width, height }: Size, pictures: number): number {
  return Math.floor(Math.sqrt(MAX_PICTURE_PIXELS / (pictures * width * height)));
}
