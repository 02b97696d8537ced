/** Requests that cost the most of what the default bounds allow: each format by default, and at the bounds. */

const COLOURS = 'fg=c30&bg=fff';

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
  '/digits.json',
  '/digits.npy',
  '/digits.idx',
  '/walk.png',
  '/walk.png?frames=64',
  '/walk.png?frames=64&scale=4',
  `/walk.png?frames=64&scale=4&${COLOURS}`,
  '/walk.png?frames=2&scale=25',
  '/walk.gif',
  '/walk.gif?frames=64',
  '/walk.gif?frames=64&scale=4',
  `/walk.gif?frames=64&scale=4&${COLOURS}`,
  '/walk.gif?frames=2&scale=25',
];
