/** The parameters of pictures → the options that encoders take. */

import { type Colour, type Colours, WHITE_ON_BLACK } from '../encoders/colours.ts';
import type { FormatOptions } from '../encoders/formats.ts';
import { DEFAULTS, type Options, type ParameterName } from './parameters.ts';

const PARAMETERS: Readonly<Record<keyof FormatOptions, readonly ParameterName[]>> = {
  scale: ['scale'],
  colours: ['fg', 'bg'],
  cols: ['cols'],
};

/** The parameters that make a difference to a format. */
export function parametersOf(format: {
  readonly options: readonly (keyof FormatOptions)[];
}): readonly ParameterName[] {
  return format.options.flatMap((option) => PARAMETERS[option]);
}

export function formatOptionsOf(options: Options): FormatOptions {
  const { scale = DEFAULTS.scale, cols = DEFAULTS.cols } = options;
  return { scale, cols, colours: coloursOf(options) };
}

function coloursOf({ fg, bg }: Options): Colours {
  // This very object, which encoders recognize as grey.
  if (fg === undefined && bg === undefined) return WHITE_ON_BLACK;
  return { foreground: colourOf(fg ?? DEFAULTS.fg), background: colourOf(bg ?? DEFAULTS.bg) };
}

/** @param hex six digits */
function colourOf(hex: string): Colour {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
