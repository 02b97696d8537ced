/** What the page says of a model's pictures, by the names that page.html has for it; all of it is HTML. */

import { DIGIT, exampleOf, type Motif, nounOf, taglineOf } from '../../src/digit.ts';

/** The card that links to the page are shown with: 50 pictures in rows of 10, about so many pixels wide. */
const CARD = { count: 50, columns: 10, width: 1120 };
/** The wall where scripts are off. */
const WALL = { count: 48, columns: 8, width: 448 };

export function wordsOf(motif: Motif): Readonly<Record<string, string>> {
  const { title, classes } = motif;
  const tagline = taglineOf(motif);
  const [card, wall] = [gridOf(CARD, motif), gridOf(WALL, motif)];
  const words = {
    noun: nounOf(motif),
    kind: title === DIGIT ? 'handwritten digits' : `pictures like those of ${title}`,
    tagline,
    subtitle: tagline.charAt(0).toLowerCase() + tagline.slice(1, -1),
    cardScale: `${card.scale}`,
    cardWidth: `${card.width}`,
    cardHeight: `${card.height}`,
    wallScale: `${wall.scale}`,
    wallWidth: `${wall.width}`,
    wallHeight: `${wall.height}`,
  };
  const escaped = Object.entries(words).map(([name, word]) => [name, escape(word)] as const);
  const link = ['classLink', classes.length > 0 ? classLink(motif) : ''] as const;
  return Object.fromEntries([...escaped, link]);
}

/** A grid of pictures at the scale at which it is at most that wide. */
function gridOf(
  { count, columns, width }: typeof CARD,
  motif: Motif,
): { readonly scale: number; readonly width: number; readonly height: number } {
  const scale = Math.max(1, Math.floor(width / (columns * motif.width)));
  const rows = Math.ceil(count / columns);
  return { scale, width: columns * motif.width * scale, height: rows * motif.height * scale };
}

function classLink({ title, classes }: Motif): string {
  const { number, name } = exampleOf(classes);
  return `<a href="/${number}.svg">${title === DIGIT ? `a ${number}` : escape(name)}</a>,`;
}

/** For texts and attributes of HTML. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
