/** Requests that cost the most of what the default bounds allow: each format by default, and at the bounds. */

const COLOURS = 'fg=c30&bg=fff';
const INK_ALONE = 'fg=c30&bg=transparent';
const LONGEST_NUMBER = '/number/98765432109876543210987654321098';

export const COSTLY_REQUESTS: readonly string[] = [
  '/digit.png?scale=32',
  `/digit.png?scale=32&${COLOURS}`,
  '/digit.svg?scale=32',
  '/digit.json',
  '/digit.txt',
  '/digits.png',
  '/digits.png?scale=3',
  `/digits.png?scale=3&${COLOURS}`,
  '/digits.png?cols=1&scale=3',
  '/digits.png?cols=100&scale=3',
  '/digits.svg',
  '/digits.svg?cols=100&scale=3',
  `/digits.png?scale=3&${INK_ALONE}`,
  `/digits.svg?${INK_ALONE}`,
  '/digits.json',
  '/digits.npy',
  '/digits.idx',
  `${LONGEST_NUMBER}.png?scale=6`,
  `${LONGEST_NUMBER}.svg`,
  `${LONGEST_NUMBER}.json`,
  `${LONGEST_NUMBER}.txt`,
  '/walk.png',
  '/walk.png?frames=64',
  '/walk.png?frames=64&scale=4',
  `/walk.png?frames=64&scale=4&${COLOURS}`,
  '/walk.png?frames=2&scale=25',
  `/walk.png?frames=64&scale=4&${INK_ALONE}`,
  '/walk.gif',
  '/walk.gif?frames=64',
  '/walk.gif?frames=64&scale=4',
  `/walk.gif?frames=64&scale=4&${COLOURS}`,
  '/walk.gif?frames=2&scale=25',
];
