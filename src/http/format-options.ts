/** A request → the options that encoders take. */

import { colourFromHex, type Colours, WHITE_ON_BLACK } from '../encoders/colours.ts';
import type { Format, FormatOptions } from '../encoders/formats.ts';
import { DEFAULTS, type Options, type ParameterName, TRANSPARENT } from './parameters.ts';

const PARAMETERS: Readonly<Record<keyof FormatOptions, readonly ParameterName[]>> = {
  scale: ['scale'],
  colours: ['fg', 'bg'],
  // Said by bg.
  transparent: [],
  cols: ['cols'],
  origin: [],
};

type AnyFormat = Pick<Format<never>, 'options'>;

/** The parameters that make a difference to a format. */
export function parametersOf({ options }: AnyFormat): readonly ParameterName[] {
  return options.flatMap((option) => PARAMETERS[option]);
}

/** @param origin what the paths of permalinks are below: an origin or nothing, and where the app is mounted */
export function formatOptionsOf(options: Options, origin: string): FormatOptions {
  const { scale = DEFAULTS.scale, cols = DEFAULTS.cols } = options;
  const transparent = options.bg === TRANSPARENT;
  return { scale, cols, colours: coloursOf(options), transparent, origin };
}

function coloursOf({ fg, bg }: Options): Colours {
  // This very object, which encoders recognize as grey.
  if (fg === undefined && bg === undefined) return WHITE_ON_BLACK;
  return {
    foreground: colourFromHex(fg ?? DEFAULTS.fg),
    background: colourFromHex(bg === undefined || bg === TRANSPARENT ? DEFAULTS.bg : bg),
  };
}
