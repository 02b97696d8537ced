/**
 * What everybody knows of what a model draws: how large its pictures are, which classes there are, and what
 * all that is called. Where no data set says otherwise, that is digits. Not here: pixels and networks.
 */

/** The size of a picture, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A class of pictures. */
export interface PictureClass {
  /** What routes, parameters and answers call it. */
  readonly number: number;
  /** What the data set calls it; of digits the number again. */
  readonly name: string;
}

/** What a model draws. */
export interface Motif extends Size {
  /** 'digit', or else the name of the data set that the model has learned from. */
  readonly title: string;
  /** In the order of the networks' inputs and outputs; empty where there is no classifier. */
  readonly classes: readonly PictureClass[];
}

/** The title of models that draw handwritten digits. */
export const DIGIT = 'digit';

/** With so many decimals a confidence is shown. */
export const CONFIDENCE_DECIMALS = 4;

/** Classes of these names, which are their numbers if all of them are whole numbers; or else their places are. */
export function classesOf(names: readonly string[]): PictureClass[] {
  const areNumbers = names.every((name) => /^(?:0|[1-9][0-9]{0,8})$/.test(name));
  return names.map((name, place) => ({ number: areNumbers ? Number(name) : place, name }));
}

/** Whether the classes are called anything but their numbers. */
export function areNamed(classes: readonly PictureClass[]): boolean {
  return classes.some(({ number, name }) => name !== `${number}`);
}

/**
 * The class of this number or, where no number is written like that, of this name.
 * @returns undefined if there is none
 */
export function findClass(
  classes: readonly PictureClass[],
  text: string,
): PictureClass | undefined {
  const number = /^[0-9]+$/.test(text) ? Number(text) : undefined;
  return (
    classes.find((each) => each.number === number) ?? classes.find(({ name }) => name === text)
  );
}

/** The numbers that there are, in words: "a whole number from 0 to 9", or one by one where some are left out. */
export function describeNumbers(classes: readonly PictureClass[]): string {
  const [first, last] = [classes[0].number, classes[classes.length - 1].number];
  const hasAll = classes.every(({ number }, place) => number === first + place);
  const listed = classes.map(({ number }) => number).join(', ');
  return hasAll ? `a whole number from ${first} to ${last}` : `one of ${listed}`;
}

/** What one of a model's pictures is called; in the plural with an s. */
export function nounOf({ title }: Pick<Motif, 'title'>): 'digit' | 'picture' {
  return title === DIGIT ? 'digit' : 'picture';
}

/** A sentence about a model's pictures. */
export function taglineOf(motif: Motif): string {
  return motif.title === DIGIT
    ? 'Handwritten digits that no hand ever wrote.'
    : `Pictures like those of ${motif.title}, which nobody ever made.`;
}

/** The class that examples show: the one of the number 7, or else the last. */
export function exampleOf(classes: readonly PictureClass[]): PictureClass {
  return classes.find(({ number }) => number === EXAMPLE) ?? classes[classes.length - 1];
}

const EXAMPLE = 7;
