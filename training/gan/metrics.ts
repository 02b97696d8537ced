/** What a run measures in an epoch: a line of metrics.jsonl. */

import * as v from 'valibot';

export interface Metrics {
  readonly epoch: number;
  /** Steps since the start of the run. */
  readonly step: number;
  /** Means over the epoch. */
  readonly discriminatorLoss: number;
  readonly generatorLoss: number;
  readonly stepMs: number;
  /** Time spent since the start of the run, over all resumptions. */
  readonly elapsedS: number;
  /**
   * Mean outputs of the discriminator over the epoch, on real images, D(x), and on generated ones, D(G(z)). Null in an
   * epoch that an earlier version began, absent in those that it ended.
   */
  readonly discriminatorReal?: number | null;
  readonly discriminatorGenerated?: number | null;
  /** The Fréchet distance to real images, if it was measured after this epoch. */
  readonly frechet?: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const mean = v.optional(v.nullable(v.number()));

const SCHEMA = v.looseObject({
  epoch: v.pipe(count, v.minValue(1)),
  step: count,
  discriminatorLoss: v.number(),
  generatorLoss: v.number(),
  stepMs: v.number(),
  elapsedS: v.number(),
  discriminatorReal: mean,
  discriminatorGenerated: mean,
  frechet: v.exactOptional(v.number()),
});

/** A line of metrics.jsonl; undefined where it is none: what a run tells about itself is not worth stopping it. */
export function parseMetrics(line: string): Metrics | undefined {
  try {
    return v.parse(SCHEMA, JSON.parse(line)) as Metrics;
  } catch {
    return undefined;
  }
}

/** An epoch after which the distance was measured. */
export type Evaluated = Metrics & { readonly frechet: number };

export function evaluatedIn(metrics: readonly Metrics[]): Evaluated[] {
  return metrics.filter((line): line is Evaluated => line.frechet !== undefined);
}

/** The epoch of the smallest distance, the first of several. */
export function bestOf(metrics: readonly Metrics[]): Evaluated | undefined {
  return evaluatedIn(metrics).toSorted((a, b) => a.frechet - b.frechet)[0];
}
