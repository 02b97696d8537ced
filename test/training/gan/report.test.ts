import { describe, expect, test } from 'vitest';

import type { Metrics } from '../../../training/gan/metrics.ts';
import { reportHtml } from '../../../training/gan/report.ts';
import { settingsOf } from './runs.ts';

const PREVIEWS = [1, 20].map((epoch) => ({ epoch, png: Uint8Array.of(137, 80, 78, 71, epoch) }));

function metricsOf(epoch: number, frechet?: number): Metrics {
  return {
    epoch,
    step: 3 * epoch,
    discriminatorLoss: 0.5,
    generatorLoss: 1.5,
    stepMs: 75,
    elapsedS: 10 * epoch,
    discriminatorReal: 0.6,
    discriminatorGenerated: 0.4,
    ...(frechet === undefined ? {} : { frechet }),
  };
}

function report(metrics: readonly Metrics[], out = 'runs/a'): string {
  const settings = settingsOf(out, { epochs: 400 });
  return reportHtml({ settings, dataset: 'MNIST', metrics, previews: PREVIEWS });
}

/** The points of each curve. */
function curvesIn(html: string): string[][] {
  return Array.from(html.matchAll(/<polyline points="([^"]*)"/g), ([, points]) =>
    points.split(' ').filter((point) => point !== ''),
  );
}

describe('a report', () => {
  const metrics = [
    metricsOf(1),
    metricsOf(2, 80),
    metricsOf(3),
    metricsOf(4, 20),
    metricsOf(5, 30),
  ];
  const html = report(metrics);

  test('says how far the run is, and the best distance', () => {
    expect(html).toContain('epoch 5 of 400 · 50 s · unconditional · data: MNIST');
    expect(html).toContain('best Fréchet distance: 20.00, at epoch 4');
  });

  test('has a curve for each loss, each output of the discriminator, and the distance', () => {
    expect(curvesIn(html).map((points) => points.length)).toEqual([5, 5, 5, 5, 3]);
    for (const title of ['Losses', 'Discriminator', 'Fréchet distance']) {
      expect(html).toContain(`aria-label="${title}"`);
    }
  });

  test('has curves within their charts, smaller numbers lower', () => {
    for (const points of curvesIn(html)) {
      for (const point of points) {
        const [x, y] = point.split(',').map(Number);
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThanOrEqual(480);
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(240);
      }
    }
    const heights = curvesIn(html)[4].map((point) => Number(point.split(',')[1]));
    expect(heights[0]).toBeLessThan(heights[2]);
    expect(heights[2]).toBeLessThan(heights[1]);
  });

  test('has no chart of a distance that was never measured, and nothing but a frame at the start', () => {
    expect(report([metricsOf(1)])).not.toContain('Fréchet');
    expect(curvesIn(report([])).flat()).toEqual([]);
    const { discriminatorReal: _, ...old } = metricsOf(1);
    expect(curvesIn(report([old])).map((points) => points.length)).toEqual([1, 1, 0, 1]);
  });

  test('holds its previews, the newest first, and asks nothing of any network', () => {
    const images = Array.from(html.matchAll(/<img src="([^"]*)"/g), ([, source]) => source);
    expect(images).toEqual(
      PREVIEWS.toReversed().map(
        ({ png }) => `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
      ),
    );
    expect(html).not.toMatch(/<script|<link|<iframe|@import|url\(|https?:/);
  });

  test('shows names as they are written', () => {
    expect(report(metrics, 'runs/<b>&"x"')).toContain('<h1>runs/&lt;b&gt;&amp;&quot;x&quot;</h1>');
  });
});
