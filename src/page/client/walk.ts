/** A walk from one digit to another, played or picture by picture: the same as the server's /walk for these seeds. */

import { freshSeed } from '../../sampler/seed.ts';
import type { Model } from '../../weights/model.ts';
import type { Address, State } from './address.ts';
import { byId, formatLinks } from './dom.ts';
import { addressOf, formOf, onOtherLooks, shownColours, shownScale } from './links.ts';
import { named, paint } from './picture.ts';
import { createSnippets } from './snippets.ts';

/** The same as the server's defaults. */
const PICTURES = 32;
const PICTURE_MS = 60;

export interface Walk {
  readonly from: (seed: string) => void;
  readonly to: (seed: string) => void;
}

export function createWalk(model: Model, address: Address): Walk {
  const section = byId('walk', HTMLElement);
  const picture = byId('walk-picture', HTMLCanvasElement);
  const play = byId('walk-play', HTMLButtonElement);
  const step = byId('walk-step', HTMLInputElement);
  const ends = [
    { field: byId('walk-from', HTMLInputElement), canvas: byId('walk-start', HTMLCanvasElement) },
    { field: byId('walk-to', HTMLInputElement), canvas: byId('walk-end', HTMLCanvasElement) },
  ];
  const links = formatLinks(section);
  const write = createSnippets(byId('walk-snippets', HTMLElement));
  step.max = `${PICTURES - 1}`;
  let pictures: readonly Uint8Array[] = [];
  let playing: number | undefined;

  function show(index: number): void {
    step.value = `${index}`;
    step.ariaValueText = `${index + 1} of ${PICTURES}`;
    paint(picture, pictures[index], model.motif);
  }

  function stop(): void {
    if (playing !== undefined) cancelAnimationFrame(playing);
    playing = undefined;
    play.textContent = 'Play';
  }

  function start(): void {
    stop();
    const first = step.valueAsNumber % (PICTURES - 1);
    let begun: number | undefined;
    const tick = (now: number) => {
      begun ??= now;
      const index = Math.min(first + Math.floor((now - begun) / PICTURE_MS), PICTURES - 1);
      show(index);
      if (index === PICTURES - 1) stop();
      else playing = requestAnimationFrame(tick);
    };
    play.textContent = 'Pause';
    playing = requestAnimationFrame(tick);
  }

  /** Draws the walk between the seeds in the two fields. */
  function update(): void {
    stop();
    const seeds = ends.map(({ field }) => (field.value ||= freshSeed()).toWellFormed());
    const [from, to] = seeds.map((seed) => model.sampler.digit(seed));
    pictures = model.sampler.walk(from, to, PICTURES);
    for (const [index, { pixels, label }] of [from, to].entries()) {
      paint(ends[index].canvas, pixels, model.motif);
      ends[index].canvas.ariaLabel = `${index === 0 ? 'From' : 'to'} ${named(label, model.motif)}`;
    }
    writeLinks();
    show(0);
  }

  /** Once the section is shown. */
  function writeLinks(): void {
    if (section.hidden) return;
    const { motif, shownHash } = model;
    const looks = { scale: shownScale(picture, motif, PICTURES), ...shownColours() };
    const [from, to] = ends.map(({ field }) => field.value.toWellFormed());
    const drawing = { path: '/walk', values: { from, to, model: shownHash } };
    for (const link of links) link.href = addressOf(drawing, formOf(link), looks);
    const [first] = links;
    const [width, height] = [motif.width, motif.height].map((pixels) => pixels * looks.scale);
    write({ url: first.href, form: formOf(first), alt: 'a walk between two', width, height });
  }
  onOtherLooks(writeLinks);

  /** Plays by itself only for visitors who have not asked for less motion. */
  function updateAndPlay(): void {
    update();
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) start();
  }

  function setEnd(index: number, seed: string): void {
    ends[index].field.value = seed;
    changed();
    section.scrollIntoView();
    play.focus({ preventScroll: true });
  }

  /** After visitors have chosen other ends. */
  function changed(): void {
    updateAndPlay();
    const [from, to] = ends.map(({ field }) => field.value.toWellFormed());
    address.push({ from, to, step: undefined });
  }

  function apply({ from, to, step: at }: State): void {
    const given = [from, to];
    const isOther = ends.some(({ field }, i) => given[i] !== undefined && given[i] !== field.value);
    for (const [i, { field }] of ends.entries()) field.value = given[i] ?? field.value;
    if (isOther || pictures.length === 0) update();
    const index = Number(at ?? 0);
    if (index >= 0 && index < PICTURES) show(Math.floor(index));
  }

  play.addEventListener('click', () => {
    if (playing === undefined) start();
    else stop();
  });
  step.addEventListener('input', () => {
    stop();
    show(step.valueAsNumber);
    const [from, to] = ends.map(({ field }) => field.value.toWellFormed());
    address.replace({ from, to, step: step.value });
  });
  for (const { field } of ends) field.addEventListener('change', changed);
  byId('walk-others', HTMLButtonElement).addEventListener('click', () => {
    for (const { field } of ends) field.value = freshSeed();
    changed();
  });
  section.hidden = false;
  apply(address.state());
  address.onTravel(apply);
  return {
    from: (seed) => {
      setEnd(0, seed);
    },
    to: (seed) => {
      setEnd(1, seed);
    },
  };
}
