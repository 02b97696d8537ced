/** Line charts as SVG, for a run's report. Colours and fonts are the page's: `series-1` and so on are classes. */

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  readonly maxX: number;
  /** What the vertical axis spans at least; a logarithmic one spans what there is. */
  readonly axis: { readonly min: number; readonly max: number } | 'logarithmic';
}

const WIDTH = 480;
const HEIGHT = 240;
const MARGIN = { left: 44, right: 12, top: 12, bottom: 28 };
const INNER_WIDTH = WIDTH - MARGIN.left - MARGIN.right;
const INNER_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom;
/** How many intervals a linear axis has, about. */
const INTERVALS = 5;
/** With more lines than that, a logarithmic axis has only those of powers of ten. */
const MAX_TICKS = 8;
/** Times a power of ten, the numbers that axes show. */
const ROUND = [1, 2, 5] as const;

/** A figure with its title, a legend and the curves. */
export function chartHtml({ title, series, maxX, axis }: Chart): string {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y));
  const scale = axis === 'logarithmic' ? logarithmic(values) : linear(axis, values);
  const x = (value: number): number => MARGIN.left + (INNER_WIDTH * value) / Math.max(1, maxX);
  const y = (value: number): number => MARGIN.top + INNER_HEIGHT * (1 - scale.share(value));
  const legend = series.map(
    ({ name, points }, i) =>
      `<span class="series-${i + 1}">${name}<b>${shown(points.at(-1)?.y)}</b></span>`,
  );
  return [
    `<figure class="chart"><figcaption><h3>${title}</h3><p>${legend.join(' ')}</p></figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    ...scale.ticks.map((tick) => horizontal(y(tick), tick)),
    ...niceTicks(0, Math.max(1, maxX)).map((tick) => below(x(tick), tick)),
    ...series.map(({ points }, i) => curve(points, i + 1, x, y)),
    '</svg></figure>',
  ].join('\n');
}

/** Where a value is, from 0 at the bottom to 1 at the top, and where lines are drawn. */
interface Scale {
  share(value: number): number;
  readonly ticks: readonly number[];
}

function linear(
  { min, max }: { readonly min: number; readonly max: number },
  values: readonly number[],
): Scale {
  const low = values.reduce((least, y) => Math.min(least, y), min);
  const top = values.reduce((most, y) => Math.max(most, y), max);
  const ticks = niceTicks(low, top);
  const high = Math.max(top, ticks.at(-1) ?? top);
  return { ticks, share: (value) => (value - low) / (high - low) };
}

function logarithmic(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const min = positive.reduce((least, value) => Math.min(least, value), positive[0] ?? 1);
  const max = positive.reduce((most, value) => Math.max(most, value), min);
  const first = Math.floor(Math.log10(min));
  const steps = Array.from({ length: Math.ceil(Math.log10(max)) - first + 1 }, (_, i) =>
    ROUND.map((factor) => Number(`${factor}e${first + i}`)),
  ).flat();
  const from = steps.findLastIndex((step) => step <= min);
  const to = Math.max(
    from + 1,
    steps.findIndex((step) => step >= max),
  );
  const ticks = steps.slice(from, to + 1);
  const [low, high] = [Math.log10(ticks[0]), Math.log10(ticks[ticks.length - 1])];
  return {
    ticks: ticks.length <= MAX_TICKS ? ticks : ticks.filter((_, i) => (from + i) % 3 === 0),
    share: (value) => Math.max(0, (Math.log10(value) - low) / (high - low)),
  };
}

/** Round numbers from `min` to about `max`. */
function niceTicks(min: number, max: number): number[] {
  const step = niceStep((max - min) / INTERVALS);
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** The least round number that is not less than `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return (ROUND.find((factor) => factor * power >= step) ?? 10) * power;
}

function horizontal(y: number, tick: number): string {
  const [from, to] = [MARGIN.left, WIDTH - MARGIN.right];
  const line = `<line x1="${from}" x2="${to}" y1="${fixed(y)}" y2="${fixed(y)}"/>`;
  return `${line}<text x="${from - 8}" y="${fixed(y + 4)}" text-anchor="end">${shown(tick)}</text>`;
}

function below(x: number, tick: number): string {
  return `<text x="${fixed(x)}" y="${HEIGHT - 8}" text-anchor="middle">${shown(tick)}</text>`;
}

function curve(
  points: readonly Point[],
  n: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const path = points.map((point) => `${fixed(x(point.x))},${fixed(y(point.y))}`).join(' ');
  const last = points.at(-1);
  const dot = last && `<circle cx="${fixed(x(last.x))}" cy="${fixed(y(last.y))}" r="3"/>`;
  return `<g class="series-${n}"><polyline points="${path}"/>${dot ?? ''}</g>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

const THREE_DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

function shown(value: number | undefined): string {
  return value === undefined ? '–' : THREE_DIGITS.format(value);
}
