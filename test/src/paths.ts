/** The paths of what is drawn, as the table of formats has them. */

import { digitFormats } from '../../src/encoders/formats.ts';

export const DIGIT_PATHS = ['/', '/digit', ...digitFormats.map(({ name }) => `/digit.${name}`)];

/** Each a picture or data of its own. */
export const DRAWN_PATHS = [
  ...DIGIT_PATHS,
  '/7',
  '/0.svg',
  '/digits',
  '/digits.idx',
  '/walk',
  '/walk.gif',
  '/walk.apng',
  '/number/2024',
  '/number/7.txt',
];
