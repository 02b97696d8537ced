/** A request → the options that encoders take. */

import { type Colour, type Colours, WHITE_ON_BLACK } from '../encoders/colours.ts';
import type { Format, FormatOptions } from '../encoders/formats.ts';
import { DEFAULTS, type Options, type ParameterName } from './parameters.ts';
import { originOf } from './permalink.ts';

const PARAMETERS: Readonly<Record<keyof FormatOptions, readonly ParameterName[]>> = {
  scale: ['scale'],
  colours: ['fg', 'bg'],
  cols: ['cols'],
  origin: [],
};

type AnyFormat = Pick<Format<never>, 'options'>;

/** The parameters that make a difference to a format. */
export function parametersOf({ options }: AnyFormat): readonly ParameterName[] {
  return options.flatMap((option) => PARAMETERS[option]);
}

/** @param url of the request, whose origin is parsed only for formats that need it: that takes 8 µs */
export function formatOptionsOf(format: AnyFormat, options: Options, url: string): FormatOptions {
  const { scale = DEFAULTS.scale, cols = DEFAULTS.cols } = options;
  const origin = format.options.includes('origin') ? originOf(url) : '';
  return { scale, cols, colours: coloursOf(options), origin };
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
