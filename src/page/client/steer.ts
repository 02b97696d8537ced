/** A digit with sliders, each of which moves it along a direction in latent space. */

import type { Digit } from '../../sampler/sampler.ts';
import { freshSeed } from '../../sampler/seed.ts';
import { steer } from '../../sampler/steer.ts';
import type { Model } from '../../weights/model.ts';
import { byId } from './dom.ts';
import { described, named, paint, percent } from './picture.ts';

/** In standard deviations of the latent. */
const MAX_AMOUNT = 4;
const AMOUNT_STEP = 0.1;

/** @returns a function that puts the digit of a seed under the sliders */
export function createSteering(model: Model): (seed: string) => void {
  const section = byId('steer', HTMLElement);
  const picture = byId('steer-picture', HTMLCanvasElement);
  const note = byId('steer-class', HTMLElement);
  const sliders = model.directions.map((_, index) => createSlider(index, draw));
  byId('sliders', HTMLFieldSetElement).append(...sliders.map(({ row }) => row));
  let start: Digit;

  function draw(): void {
    const amounts = sliders.map(({ input }) => input.valueAsNumber);
    const input = steer(start.input, model.directions, amounts);
    const { pixels, label, confidence } = model.sampler.draw(input);
    paint(picture, pixels, model.motif);
    picture.ariaLabel = described(label, model.motif);
    const digit = named(label, model.motif);
    const confidently = confidence === undefined ? '' : percent(confidence);
    note.textContent = verdict(digit, confidently);
    for (const [index, slider] of sliders.entries()) {
      const amount = amounts[index].toFixed(1).replace('-', '−');
      slider.shown.textContent = amount;
      slider.input.ariaValueText = confidently ? `${amount}: ${digit}, ${confidently}` : amount;
    }
  }

  /** @param confidently a percentage; empty where there is no classifier */
  function verdict(digit: string, confidently: string): string {
    if (confidently === '') return '';
    return model.isConditional
      ? `Drawn as ${digit}; the classifier agrees with ${confidently} confidence.`
      : `Classified as ${digit} with ${confidently} confidence.`;
  }

  function center(): void {
    for (const { input } of sliders) input.value = '0';
    draw();
  }

  function put(seed: string): void {
    start = model.sampler.digit(seed);
    center();
  }

  byId('steer-back', HTMLButtonElement).addEventListener('click', center);
  byId('steer-other', HTMLButtonElement).addEventListener('click', () => {
    put(freshSeed());
  });
  put(freshSeed());
  section.hidden = false;
  return (seed) => {
    put(seed);
    section.scrollIntoView();
    sliders[0].input.focus({ preventScroll: true });
  };
}

interface Slider {
  readonly row: HTMLLabelElement;
  readonly input: HTMLInputElement;
  /** Shows the amount. */
  readonly shown: HTMLElement;
}

function createSlider(index: number, draw: () => void): Slider {
  const row = document.createElement('label');
  const name = document.createElement('span');
  name.textContent = `${index + 1}`;
  const input = document.createElement('input');
  input.type = 'range';
  Object.assign(input, { min: -MAX_AMOUNT, max: MAX_AMOUNT, step: AMOUNT_STEP, value: 0 });
  input.ariaLabel = `Direction ${index + 1}`;
  const shown = document.createElement('span');
  row.append(name, input, shown);
  input.addEventListener('input', draw);
  return { row, input, shown };
}
