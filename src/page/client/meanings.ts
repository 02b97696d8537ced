/**
 * What directions in latent space do, found by measuring: each is gone in both ways from many digits, and what changes is
 * weighed, measured and compared. A direction has a name if one measure changes much, and nearly always the same way.
 * Not here: which directions there are.
 */

import { steer } from '../../sampler/steer.ts';
import type { Model } from '../../weights/model.ts';
import { nextFrame } from './dom.ts';
import { measure, type Measures } from './measures.ts';

/** How many digits are looked at, and how far they go each way, in standard deviations of the latent. */
const DIGITS = 48;
const AMOUNT = 2;
/** In standard deviations of the measure over all digits, and as a share of the digits. */
const MIN_EFFECT = 0.5;
const MIN_SAME_WAY = 0.95;
const MOSTLY_SAME_WAY = 0.8;

const NAMES: Readonly<Record<keyof Measures, string>> = {
  slant: 'Slant',
  thickness: 'Thickness',
  width: 'Width',
  height: 'Height',
  right: 'Left or right',
  down: 'Up or down',
};
const MEASURES = Object.keys(NAMES) as (keyof Measures)[];

/** A name for each direction of the model; one that does a bit of everything is called a mixture. */
export async function meaningsOf(model: Model): Promise<string[]> {
  const { sampler, motif, directions } = model;
  const digits = Array.from({ length: DIGITS }, (_, i) => sampler.digit(`measured ${i}`));
  const spread = spreadOf(digits.map(({ pixels }) => measure(pixels, motif)));
  const meanings: string[] = [];
  for (const index of directions.keys()) {
    await nextFrame();
    const changes = digits.map(({ input }) => {
      const [low, high] = [-AMOUNT, AMOUNT].map((amount) => {
        const amounts = directions.map((_, i) => (i === index ? amount : 0));
        return measure(sampler.draw(steer(input, directions, amounts)).pixels, motif);
      });
      return (name: keyof Measures) => (high[name] - low[name]) / spread[name];
    });
    meanings.push(meaningOf(MEASURES.map((name) => ({ name, ...effectOf(changes, name) }))));
  }
  return meanings;
}

interface Effect {
  readonly name: keyof Measures;
  /** The mean change, in standard deviations of the measure. */
  readonly size: number;
  /** The share of digits that change the way of the mean. */
  readonly sameWay: number;
}

function meaningOf(effects: readonly Effect[]): string {
  const [first] = effects
    .filter(({ size, sameWay }) => Math.abs(size) >= MIN_EFFECT && sameWay >= MOSTLY_SAME_WAY)
    .toSorted((a, b) => b.sameWay - a.sameWay || Math.abs(b.size) - Math.abs(a.size));
  if (!first) return 'A mixture';
  const name = NAMES[first.name];
  return first.sameWay >= MIN_SAME_WAY ? name : `Mostly ${name.toLowerCase()}`;
}

function effectOf(
  changes: readonly ((name: keyof Measures) => number)[],
  name: keyof Measures,
): Omit<Effect, 'name'> {
  const all = changes.map((change) => change(name));
  const size = meanOf(all);
  return { size, sameWay: all.filter((change) => change * size > 0).length / all.length };
}

/** The standard deviation of each measure. */
function spreadOf(measured: readonly Measures[]): Measures {
  const spread = MEASURES.map((name) => {
    const values = measured.map((each) => each[name]);
    const mean = meanOf(values);
    return [name, Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) || 1] as const;
  });
  return Object.fromEntries(spread) as Record<keyof Measures, number>;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
