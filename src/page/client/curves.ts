/** Curves over the epochs of a training, as SVG: both losses, and below them the Fréchet distance where it was measured. */

/** A line of metrics.jsonl, as much of it as is drawn. */
export interface Measured {
  readonly epoch: number;
  readonly discriminatorLoss: number;
  readonly generatorLoss: number;
  readonly frechet?: number;
}

const SVG = 'http://www.w3.org/2000/svg';
/** In units of the view box. */
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [400, 150, 34, 18];

interface Curve {
  readonly name: string;
  readonly value: (line: Measured) => number | undefined;
}

/** @returns a function that marks an epoch */
export function createCurves(
  host: HTMLElement,
  metrics: readonly Measured[],
): (epoch: number) => void {
  const lastEpoch = Math.max(1, ...metrics.map(({ epoch }) => epoch));
  const x = (epoch: number): number => LEFT + ((WIDTH - LEFT - 4) * epoch) / lastEpoch;
  const marks: SVGLineElement[] = [];

  function chart(title: string, curves: readonly Curve[]): void {
    const values = curves
      .flatMap(({ value }) => metrics.map(value))
      .filter((each) => each !== undefined);
    if (values.length < 2) return;
    const top = Math.max(...values) * 1.05 || 1;
    const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - 6) * value) / top;
    const svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
    svg.setAttribute(
      'aria-label',
      `${title}: ${curves.map((curve) => spoken(curve, metrics)).join('; ')}`,
    );
    for (const value of [0, top / 2, top]) {
      svg.append(
        element('line', { x1: LEFT, x2: WIDTH - 4, y1: y(value), y2: y(value), class: 'axis' }),
      );
      svg.append(text(shortened(value), { x: LEFT - 5, y: y(value) + 3.5, class: 'from-end' }));
    }
    for (const epoch of [1, Math.round(lastEpoch / 2), lastEpoch]) {
      svg.append(text(`${epoch}`, { x: x(epoch), y: HEIGHT - 4, class: 'from-end' }));
    }
    for (const [index, { value }] of curves.entries()) {
      const points = metrics.flatMap((line) => {
        const measured = value(line);
        return measured === undefined
          ? []
          : [`${x(line.epoch).toFixed(1)},${y(measured).toFixed(1)}`];
      });
      svg.append(element('polyline', { points: points.join(' '), class: `curve curve-${index}` }));
    }
    const mark = element('line', { y1: 4, y2: HEIGHT - BOTTOM, class: 'mark' });
    marks.push(mark);
    svg.append(mark);
    const caption = document.createElement('figcaption');
    caption.append(`${title}: `);
    for (const [index, { name }] of curves.entries()) {
      const key = document.createElement('span');
      key.className = `key key-${index}`;
      key.textContent = name;
      caption.append(index > 0 ? ', ' : '', key);
    }
    const figure = document.createElement('figure');
    figure.append(svg, caption);
    host.append(figure);
  }

  chart('Losses', [
    { name: 'discriminator', value: ({ discriminatorLoss }) => discriminatorLoss },
    { name: 'generator', value: ({ generatorLoss }) => generatorLoss },
  ]);
  chart('Fréchet distance', [
    { name: 'to real digits, lower is better', value: ({ frechet }) => frechet },
  ]);
  return (epoch) => {
    for (const mark of marks) {
      mark.setAttribute('x1', `${x(epoch)}`);
      mark.setAttribute('x2', `${x(epoch)}`);
    }
  };
}

/** A curve for who does not see it. */
function spoken({ name, value }: Curve, metrics: readonly Measured[]): string {
  const measured = metrics.filter((line) => value(line) !== undefined);
  const [first, last] = [measured[0], measured[measured.length - 1]];
  const at = (line: Measured) => `${shortened(value(line) ?? 0)} at epoch ${line.epoch}`;
  return `${name} from ${at(first)} to ${at(last)}`;
}

function shortened(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

function element<Name extends 'svg' | 'line' | 'polyline' | 'text'>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS<Name>(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, `${value}`);
  return made;
}

function text(
  content: string,
  attributes: Readonly<Record<string, string | number>>,
): SVGTextElement {
  const made = element('text', attributes);
  made.textContent = content;
  return made;
}
