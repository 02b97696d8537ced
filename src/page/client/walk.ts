/** A walk from one digit to another, played or picture by picture: the same as the server's /walk for these seeds. */

import { freshSeed } from '../../sampler/seed.ts';
import type { Model } from '../../weights/model.ts';
import { byId, formatLinks } from './dom.ts';
import { walkPath } from './links.ts';
import { named, paint } from './picture.ts';

/** The same as the server's defaults. */
const PICTURES = 32;
const PICTURE_MS = 60;

export interface Walk {
  readonly from: (seed: string) => void;
  readonly to: (seed: string) => void;
}

export function createWalk(model: Model): Walk {
  const section = byId('walk', HTMLElement);
  const picture = byId('walk-picture', HTMLCanvasElement);
  const play = byId('walk-play', HTMLButtonElement);
  const step = byId('walk-step', HTMLInputElement);
  const ends = [
    { field: byId('walk-from', HTMLInputElement), canvas: byId('walk-start', HTMLCanvasElement) },
    { field: byId('walk-to', HTMLInputElement), canvas: byId('walk-end', HTMLCanvasElement) },
  ];
  const links = formatLinks(section);
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
    const size = { ...model.motif, count: PICTURES };
    const seeds = ends.map(({ field }) => (field.value ||= freshSeed()).toWellFormed());
    const [from, to] = seeds.map((seed) => model.sampler.digit(seed));
    pictures = model.sampler.walk(from, to, PICTURES);
    for (const [index, { pixels, label }] of [from, to].entries()) {
      paint(ends[index].canvas, pixels, model.motif);
      ends[index].canvas.ariaLabel = `${index === 0 ? 'From' : 'to'} ${named(label, model.motif)}`;
    }
    for (const [format, link] of links) {
      link.href = walkPath(seeds[0], seeds[1], model.shownHash, format, size);
    }
    show(0);
  }

  /** Plays by itself only for visitors who have not asked for less motion. */
  function updateAndPlay(): void {
    update();
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) start();
  }

  function setEnd(index: number, seed: string): void {
    ends[index].field.value = seed;
    updateAndPlay();
    section.scrollIntoView();
    play.focus({ preventScroll: true });
  }

  play.addEventListener('click', () => {
    if (playing === undefined) start();
    else stop();
  });
  step.addEventListener('input', () => {
    stop();
    show(step.valueAsNumber);
  });
  for (const { field } of ends) field.addEventListener('change', updateAndPlay);
  byId('walk-others', HTMLButtonElement).addEventListener('click', () => {
    for (const { field } of ends) field.value = freshSeed();
    updateAndPlay();
  });
  update();
  section.hidden = false;
  return {
    from: (seed) => {
      setEnd(0, seed);
    },
    to: (seed) => {
      setEnd(1, seed);
    },
  };
}
