/** The results of an evaluation, for people and for programs. */

import type { Dataset } from '../data/dataset.ts';
import { MNIST } from '../quantization/data-origin.ts';
import type { Evaluation } from './evaluate.ts';
import type { Figures } from './figures.ts';
import { FEATURES, FEATURE_LAYER } from './recipe.ts';
import type { Reference } from './reference.ts';

const COUNT = new Intl.NumberFormat('en');

/** All that there is to say. */
export interface Results {
  /** The generator's file. */
  readonly path: string;
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
  readonly reference: Reference;
  /** The picture of nearest images. */
  readonly nearest: string;
}

/** One line of JSON. */
export function jsonOf({ path, dataset, evaluation, reference: { real } }: Results): string {
  const { name, classes } = dataset;
  const classifier = { layer: FEATURE_LAYER, features: FEATURES, accuracy: real.agreement };
  return `${JSON.stringify({ weights: path, dataset: name, classes, ...evaluation, real, classifier })}\n`;
}

/** For people: a table with a column for each kind of pictures, the real ones last, and what to know about it. */
export function textOf({ path, dataset, evaluation, reference, nearest }: Results): string {
  const { kind, isConditional, samples, int8 } = evaluation;
  const { real, features } = reference;
  const variant = isConditional ? 'conditional' : 'unconditional';
  const [drawn, images] = [samples, features.length / FEATURES].map((n) => COUNT.format(n));
  const accuracy = ((real.agreement ?? 0) * 100).toFixed(1);
  const lines = [
    `${path}, ${kind}, ${variant}: ${drawn} ${nounsOf(dataset)} beside ${images} images of ${dataset.name}`,
    '',
    tableOf(evaluation, real, dataset),
    '',
  ];
  if (int8.meanAbsError !== null && int8.maxAbsError !== null) {
    const mean = int8.meanAbsError.toFixed(3);
    lines.push(
      `As int8, pixels are off by ${mean} of 255 grey levels on average, by ${int8.maxAbsError} at most.`,
    );
  }
  if (evaluation.served === null) {
    lines.push(
      'Not measured as served, since weights/ has no classifier of its data: npm run train:classifier -- --data DIR makes one.',
    );
  }
  lines.push(
    `Compared in ${FEATURE_LAYER}, which gets ${accuracy} % of new images right.`,
    `${nearest} shows ${nounsOf(dataset)} above the training images that are nearest to them.`,
    '',
  );
  return lines.join('\n');
}

type Column = Figures & { readonly title: string; readonly candidates?: number };

const ROWS: readonly (readonly [string, (column: Column) => string])[] = [
  ['', ({ title }) => title],
  ['Fréchet distance', ({ frechet }) => frechet.toFixed(3)],
  ['precision', ({ precision }) => precision.toFixed(3)],
  ['recall', ({ recall }) => recall.toFixed(3)],
  ['confident', ({ confident }) => percent(confident)],
  ['of the right class', ({ agreement }) => (agreement === null ? '' : percent(agreement))],
  ['ink at the edge', ({ edgeInk }) => edgeInk.toFixed(2)],
  ['draws for a digit', ({ candidates }) => candidates?.toFixed(2) ?? ''],
];

function tableOf(
  { kind, int8, served, labelHistogram, ...figures }: Evaluation,
  real: Figures,
  dataset: Dataset,
): string {
  const raw = { ...figures, labelHistogram, candidates: 1 };
  const columns: Column[] = [
    { ...raw, title: kind },
    ...(kind === 'float' ? [{ ...int8, title: 'int8', candidates: 1 }] : []),
    ...(served ? [{ ...served, title: 'as served' }] : []),
    { ...real, title: 'real images' },
  ];
  const cells = ROWS.map(([name, cell]) => [name, ...columns.map(cell)]);
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const lines = cells.map(([name, ...rest]) =>
    [name.padEnd(widths[0]), ...rest.map((cell, i) => cell.padStart(widths[i + 1]))]
      .join('   ')
      .trimEnd(),
  );
  const named = labelHistogram.map((count, label) => `${dataset.classes[label]}: ${count}`);
  const classes = named.join('  ');
  return [...lines, '', `${nounsOf(dataset)} of each class   ${classes}`].join('\n');
}

function nounsOf({ name }: Dataset): string {
  return name === MNIST ? 'digits' : 'pictures';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
