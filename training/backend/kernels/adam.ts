/**
 * Adam (Kingma and Ba, 2015) as a tfjs optimizer. On our backend it reads and writes each number once, where tfjs's own
 * makes some ten passes with temporaries; on others it computes the same with tfjs's operations.
 */

import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { ThreadedBackend } from '../backend.ts';
import {
  ADAM,
  ADAM_BETA1,
  ADAM_BETA2,
  ADAM_CORRECTION1,
  ADAM_CORRECTION2,
  ADAM_EPSILON,
  ADAM_FIRST_MOMENT,
  ADAM_GRADIENT,
  ADAM_LEARNING_RATE,
  ADAM_ONE_MINUS_BETA1,
  ADAM_ONE_MINUS_BETA2,
  ADAM_PARAMETERS,
  ADAM_SECOND_MOMENT,
  ADAM_SIZE,
} from '../wasm/abi.ts';

type NamedTensor = Awaited<ReturnType<tf.Optimizer['getWeights']>>[number];
type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** Keras's default of β2, the decay of the second moments. */
export const DEFAULT_BETA2 = 0.999;
/** Keras's default of ε. */
export const DEFAULT_EPSILON = 1e-7;

/** A rate, or a schedule that gives the rate of an update from the number of updates before it. */
export type LearningRate = number | ((updates: number) => number);

interface Moments {
  readonly first: Variable;
  readonly second: Variable;
}

/**
 * θ −= rate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β1ᵗ) and v̂ = v / (1 − β2ᵗ). Powers and scheduled rates are computed from
 * the number of updates t alone, so that an optimizer restored with `setWeights` continues exactly where the other was.
 */
export class FusedAdam extends tf.Optimizer {
  static readonly className = 'FusedAdam';

  readonly #learningRate: LearningRate;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  /** By the variable's name, in the order in which variables were first updated. */
  readonly #moments = new Map<string, Moments>();

  constructor(
    learningRate: LearningRate,
    beta1: number,
    beta2 = DEFAULT_BETA2,
    epsilon = DEFAULT_EPSILON,
  ) {
    super();
    this.#learningRate = learningRate;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
  }

  override applyGradients(gradients: Gradients): void {
    const pairs: [string, Tensor][] = Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients);
    const step = this.iterations + 1;
    tf.tidy(() => {
      for (const [name, gradient] of pairs) {
        const variable = tf.engine().registeredVariables[name];
        if (!variable) throw new Error(`There is no variable ${name} to update.`);
        if (gradient) this.#update(variable, gradient, this.#momentsOf(name, variable), step);
      }
    });
    this.incrementIterations();
  }

  override dispose(): void {
    for (const { first, second } of this.#moments.values()) {
      first.dispose();
      second.dispose();
    }
    this.#moments.clear();
  }

  /** The number of updates as `iter`, then the first and second moments of each variable; the caller disposes them. */
  override async getWeights(): Promise<NamedTensor[]> {
    const moments = [...this.#moments].flatMap(([name, { first, second }]) => [
      { name: `${name}/m`, tensor: first.clone() },
      { name: `${name}/v`, tensor: second.clone() },
    ]);
    return [await this.saveIterations(), ...moments];
  }

  /** Takes what `getWeights` returned for the same variables. */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const moments = await this.extractIterations(weights);
    this.dispose();
    for (let index = 0; index + 1 < moments.length; index += 2) {
      const [first, second] = [moments[index], moments[index + 1]];
      this.#moments.set(first.name.replace(/\/m$/, ''), {
        first: tf.variable(first.tensor, false),
        second: tf.variable(second.tensor, false),
      });
    }
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    make: tf.serialization.SerializableConstructor<T>,
    { learningRate, beta1, beta2, epsilon }: tf.serialization.ConfigDict,
  ): T {
    return new make(learningRate, beta1, beta2, epsilon);
  }

  /** A configuration holds no functions: in place of a schedule it has the rate of the next update. */
  override getConfig(): tf.serialization.ConfigDict {
    return {
      learningRate: this.#rateAfter(this.iterations),
      beta1: this.#beta1,
      beta2: this.#beta2,
      epsilon: this.#epsilon,
    };
  }

  #rateAfter(updates: number): number {
    const rate = this.#learningRate;
    return typeof rate === 'number' ? rate : rate(updates);
  }

  #momentsOf(name: string, variable: Variable): Moments {
    let moments = this.#moments.get(name);
    if (!moments) {
      moments = { first: zerosLike(variable), second: zerosLike(variable) };
      this.#moments.set(name, moments);
    }
    return moments;
  }

  #update(variable: Variable, gradient: Tensor, moments: Moments, step: number): void {
    for (const tensor of [gradient, moments.first, moments.second]) {
      if (!tf.util.arraysEqual(tensor.shape, variable.shape) || tensor.dtype !== 'float32') {
        throw new RangeError(
          `${variable.name} is float32 of [${variable.shape}]; its gradient or a moment is ` +
            `${tensor.dtype} of [${tensor.shape}].`,
        );
      }
    }
    const rate = this.#rateAfter(step - 1);
    const correction1 = 1 / (1 - this.#beta1 ** step);
    const correction2 = 1 / (1 - this.#beta2 ** step);
    const { first, second } = moments;
    const backend = tf.backend();
    if (backend instanceof ThreadedBackend) {
      const targets = [variable, first, second];
      for (const target of targets) backend.makeSoleOwner(target);
      const { words, floats } = backend.arguments;
      words[ADAM_PARAMETERS] = backend.addressOf(variable);
      words[ADAM_GRADIENT] = backend.addressOf(gradient);
      words[ADAM_FIRST_MOMENT] = backend.addressOf(first);
      words[ADAM_SECOND_MOMENT] = backend.addressOf(second);
      words[ADAM_SIZE] = variable.size;
      floats[ADAM_BETA1] = this.#beta1;
      floats[ADAM_ONE_MINUS_BETA1] = 1 - this.#beta1;
      floats[ADAM_BETA2] = this.#beta2;
      floats[ADAM_ONE_MINUS_BETA2] = 1 - this.#beta2;
      floats[ADAM_CORRECTION1] = correction1;
      floats[ADAM_CORRECTION2] = correction2;
      floats[ADAM_LEARNING_RATE] = rate;
      floats[ADAM_EPSILON] = this.#epsilon;
      backend.run(ADAM, variable.size);
      for (const target of targets) backend.forgetCached(target);
      return;
    }
    first.assign(first.mul(this.#beta1).add(gradient.mul(1 - this.#beta1)));
    second.assign(second.mul(this.#beta2).add(gradient.square().mul(1 - this.#beta2)));
    const root = second.mul(correction2).sqrt().add(this.#epsilon);
    variable.assign(variable.sub(first.mul(correction1).div(root).mul(rate)));
  }
}

/** A variable that owns its memory from the start, so that nothing has to be copied before it is updated in place. */
function zerosLike(variable: Variable): Variable {
  const zeros = tf.zerosLike(variable);
  const moment = tf.variable(zeros, false);
  zeros.dispose();
  return moment;
}
