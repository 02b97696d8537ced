/**
 * A run's report: one page that opens from the disk and needs no network. It shows the losses, what the
 * discriminator makes of real and of generated images, the Fréchet distance where it was measured, and the previews.
 */

import { duration } from '../cli/progress.ts';
import { type Point, type Series, chartHtml } from './chart.ts';
import { type Metrics, bestOf } from './metrics.ts';
import { SETTING_NAMES, type Settings } from './recipe.ts';
import { REPORT_STYLE } from './report-style.ts';

/** What a report is made of. */
export interface Report {
  readonly settings: Settings;
  /** The data set's name. */
  readonly dataset: string;
  /** Of all epochs that are done. */
  readonly metrics: readonly Metrics[];
  /** The previews, in the order of their epochs. */
  readonly previews: readonly Preview[];
}

export interface Preview {
  readonly epoch: number;
  readonly png: Uint8Array;
}

/** The page. */
export function reportHtml(report: Report): string {
  const title = escaped(report.settings.out);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
${REPORT_STYLE}</style>
<h1>${title}</h1>
<p class="note">${factsOf(report).map(escaped).join(' · ')}</p>
<section>
<h2>Epoch by epoch</h2>
<div class="charts">
${chartsOf(report).join('\n')}
</div>
</section>
<section>
<h2>Previews: always the same hundred latents</h2>
<div class="previews">
${report.previews.map(previewHtml).toReversed().join('\n')}
</div>
</section>
<section>
<h2>Settings</h2>
<dl>
${settingsHtml(report.settings)}
</dl>
</section>
</html>
`;
}

function factsOf({ settings, dataset, metrics }: Report): string[] {
  const { epochs, conditional } = settings;
  const last = metrics.at(-1);
  const best = bestOf(metrics);
  return [
    `epoch ${last?.epoch ?? 0} of ${epochs}`,
    ...(last === undefined ? [] : [duration(last.elapsedS)]),
    conditional ? 'conditional' : 'unconditional',
    `data: ${dataset}`,
    ...(best === undefined
      ? []
      : [`best Fréchet distance: ${best.frechet.toFixed(2)}, at epoch ${best.epoch}`]),
  ];
}

function chartsOf({ metrics }: Report): string[] {
  const maxX = metrics.at(-1)?.epoch ?? 1;
  const seriesOf = (name: string, key: keyof Metrics): Series => ({
    name,
    points: metrics.flatMap((line): Point[] => {
      const y = line[key];
      return y === undefined || y === null ? [] : [{ x: line.epoch, y }];
    }),
  });
  const losses = [
    seriesOf('discriminator', 'discriminatorLoss'),
    seriesOf('generator', 'generatorLoss'),
  ];
  const outputs = [
    seriesOf('real images, D(x)', 'discriminatorReal'),
    seriesOf('generated, D(G(z))', 'discriminatorGenerated'),
  ];
  const distance = seriesOf('to real images', 'frechet');
  const charts = [
    chartHtml({ title: 'Losses', series: losses, maxX, axis: { min: 0, max: 1 } }),
    chartHtml({ title: 'Discriminator', series: outputs, maxX, axis: { min: 0, max: 1 } }),
  ];
  if (distance.points.length === 0) return charts;
  const title = 'Fréchet distance';
  return [...charts, chartHtml({ title, series: [distance], maxX, axis: 'logarithmic' })];
}

function previewHtml({ epoch, png }: Preview): string {
  const data = Buffer.from(png).toString('base64');
  return `<figure><img src="data:image/png;base64,${data}" alt="previews"><figcaption>epoch ${epoch}</figcaption></figure>`;
}

function settingsHtml(settings: Settings): string {
  const rows = SETTING_NAMES.map(
    (name) => `<div><dt>${name}</dt><dd>${escaped(String(settings[name] ?? '–'))}</dd></div>`,
  );
  return rows.join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]);
}
