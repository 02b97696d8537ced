/** A mint: a model, and what it draws for seeds, as the service does. Not here: where files are, encoding pictures. */

import { areNamed, describeNumbers, findClass } from '../digit.ts';
import { grid } from '../encoders/pixels.ts';
import type { Digit, Wish } from '../sampler/sampler.ts';
import { freshSeed, seedInSeries } from '../sampler/seed.ts';
import type { Model } from '../weights/model.ts';
import { type Assets, loadModel } from './assets.ts';
import type { DigitOptions, Mint, MintedDigit, MintOptions } from './types.ts';

/** A mint, once kernel and weights are loaded. @throws as loadModel does */
export async function createMintWith(
  assets: Assets,
  { raw = false, ...options }: MintOptions = {},
): Promise<Mint> {
  return mintOf(await loadModel(assets, options), { raw });
}

const DEFAULT_FRAMES = 32;

/** @param settings what applies where a call does not say otherwise */
export function mintOf(
  { sampler, shownHash: model, isConditional, motif }: Model,
  settings: Pick<DigitOptions, 'raw'> = {},
): Mint {
  const { width, height, classes } = motif;
  const isNamed = areNamed(classes);

  /** @throws RangeError */
  function wishOf({ label, raw = settings.raw ?? false }: DigitOptions): Wish {
    if (label === undefined) return { raw };
    const asked = findClass(classes, `${label}`);
    if (!asked) throw new RangeError(`label: found ${label}, expected ${labelsOf(classes)}`);
    if (raw && !isConditional) {
      throw new RangeError(
        'label: found one with raw, expected none, as the generator is unconditional',
      );
    }
    return { label: classes.indexOf(asked), raw };
  }

  function minted(seed: string, { pixels, label, confidence }: Digit): MintedDigit {
    const read = label === undefined ? undefined : classes[label];
    const name = isNamed ? read?.name : undefined;
    return { width, height, pixels, label: read?.number, name, confidence, seed, model };
  }

  return {
    model,
    width,
    height,
    classes,
    digit: (seed = freshSeed(), options = {}) => minted(seed, sampler.digit(seed, wishOf(options))),
    digits(seed = freshSeed(), count, options = {}) {
      requireWhole('count', count, 0);
      const seeds = Array.from({ length: count }, (_, i) => seedInSeries(seed, i));
      return sampler.digits(seeds, wishOf(options)).map((digit, i) => minted(seeds[i], digit));
    },
    number(number, { seed = freshSeed(), ...options } = {}) {
      const figures = `${number}`;
      if (!/^[0-9]+$/.test(figures)) {
        throw new RangeError(`number: found ${JSON.stringify(figures)}, expected decimal digits`);
      }
      const digits = Array.from(figures, (label, position) => {
        const own = seedInSeries(seed, position);
        return minted(own, sampler.digit(own, wishOf({ ...options, label })));
      });
      return { ...grid(digits, digits.length), digits, seed, model };
    },
    walk(from, to, frames = DEFAULT_FRAMES, options = {}) {
      requireWhole('frames', frames, 2);
      const [first, last] = sampler.digits([from, to], wishOf(options));
      return sampler.walk(first, last, frames).map((pixels) => ({ width, height, pixels }));
    },
  };
}

function labelsOf(classes: Mint['classes']): string {
  return classes.length > 0 ? describeNumbers(classes) : 'none, as there is no classifier';
}

function requireWhole(what: string, found: number, min: number): void {
  if (Number.isSafeInteger(found) && found >= min) return;
  throw new RangeError(`${what}: found ${found}, expected a whole number from ${min}`);
}
