/** A digit with sliders, each of which moves it along a direction in latent space. */

import { textOfLatent } from '../../http/latent.ts';
import type { Digit } from '../../sampler/sampler.ts';
import { freshSeed } from '../../sampler/seed.ts';
import { steer } from '../../sampler/steer.ts';
import type { Model } from '../../weights/model.ts';
import type { Address, State } from './address.ts';
import { byId, nextFrame } from './dom.ts';
import { meaningsOf } from './meanings.ts';
import { described, named, paint, percent } from './picture.ts';
import { drawnFrom, type Source } from './source.ts';

/** In standard deviations of the latent. */
const MAX_AMOUNT = 4;
const AMOUNT_STEP = 0.1;

/**
 * @param show what a visitor made, as a latent
 * @returns a function that puts a digit under the sliders
 */
export function createSteering(
  model: Model,
  address: Address,
  show: (source: Source) => void,
): (source: Source) => void {
  const section = byId('steer', HTMLElement);
  const picture = byId('steer-picture', HTMLCanvasElement);
  const note = byId('steer-class', HTMLElement);
  const sliders = model.directions.map((_, index) => createSlider(index, draw));
  byId('sliders', HTMLFieldSetElement).append(...sliders.map(({ row }) => row));
  let from: Source = { seed: freshSeed() };
  let start: Digit = model.sampler.digit(from.seed ?? '');

  const amountsNow = (): number[] => sliders.map(({ input }) => input.valueAsNumber);

  function draw(): void {
    const amounts = amountsNow();
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

  function put(source: Source, amounts: readonly number[] = []): void {
    const digit = drawnFrom(source, model);
    if (!digit) return;
    [from, start] = [source, digit];
    for (const [i, { input }] of sliders.entries()) input.value = `${amounts[i] || 0}`;
    draw();
  }

  /** What the address says of the sliders. */
  function said(): State {
    const amounts = amountsNow();
    const by = amounts.some((amount) => amount !== 0) ? { by: amounts.join() } : {};
    const as = from.label === undefined ? {} : { as: `${from.label}` };
    return { ...(from.seed !== undefined && { change: from.seed }), ...as, ...by };
  }

  function apply({ change, as, by = '' }: State): void {
    if (change === undefined) return;
    const label = as === undefined ? undefined : Number(as);
    put({ seed: change.toWellFormed(), label }, by.split(',').map(Number));
  }

  function putAndSay(source: Source): void {
    put(source);
    address.push({ as: undefined, by: undefined, ...said() });
  }

  byId('sliders', HTMLFieldSetElement).addEventListener('input', () => {
    address.replace({ as: undefined, by: undefined, ...said() });
  });
  byId('steer-back', HTMLButtonElement).addEventListener('click', () => {
    putAndSay(from);
  });
  byId('steer-other', HTMLButtonElement).addEventListener('click', () => {
    putAndSay({ seed: freshSeed() });
  });
  byId('steer-links', HTMLButtonElement).addEventListener('click', () => {
    const { latentSize } = model.sampler;
    const input = steer(start.input, model.directions, amountsNow());
    const place = model.isConditional ? start.label : undefined;
    const label = place === undefined ? undefined : model.motif.classes[place].number;
    show({ latent: textOfLatent(input.subarray(0, latentSize)), label });
  });
  put(from);
  apply(address.state());
  address.onTravel(apply);
  section.hidden = false;
  void nameSliders(model, sliders);
  return (source) => {
    putAndSay(source);
    section.scrollIntoView();
    sliders[0].input.focus({ preventScroll: true });
  };
}

/** Says what each slider does, once that is measured. */
async function nameSliders(model: Model, sliders: readonly Slider[]): Promise<void> {
  await nextFrame();
  for (const [index, meaning] of (await meaningsOf(model)).entries()) {
    const { name, input } = sliders[index];
    name.textContent = meaning;
    input.ariaLabel = `${meaning} (direction ${index + 1})`;
  }
}

interface Slider {
  readonly row: HTMLLabelElement;
  readonly name: HTMLElement;
  readonly input: HTMLInputElement;
  /** Shows the amount. */
  readonly shown: HTMLElement;
}

function createSlider(index: number, draw: () => void): Slider {
  const row = document.createElement('label');
  const name = document.createElement('span');
  name.textContent = `Direction ${index + 1}`;
  const input = document.createElement('input');
  input.type = 'range';
  Object.assign(input, { min: -MAX_AMOUNT, max: MAX_AMOUNT, step: AMOUNT_STEP, value: 0 });
  input.ariaLabel = `Direction ${index + 1}`;
  const shown = document.createElement('span');
  row.append(name, input, shown);
  input.addEventListener('input', draw);
  return { row, name, input, shown };
}
