/** The kernels' entry points: one for the thread that announces tasks, one for the helpers. */

import {
  ADAM,
  DROPOUT,
  LEAKY_RELU,
  LEAKY_RELU_GRADIENT,
  MULTIPLY,
  PRODUCT,
  RUNNING_AVERAGE,
  SUM,
  TANH,
  TANH_GRADIENT,
} from './abi';
import { adam } from './adam';
import { dropout } from './dropout';
import { leakyRelu, leakyReluGradient } from './leaky-relu';
import { multiply } from './multiply';
import { announce, bind, broken, done, endPool, joined, nextTask, operation } from './pool';
import { product } from './product';
import { runningAverage } from './running-average';
import { sum } from './sum';
import { tanh, tanhGradient } from './tanh';

export { bind, endPool };

function work(thread: i32): void {
  switch (operation()) {
    case PRODUCT:
      product(thread);
      break;
    case LEAKY_RELU:
      leakyRelu();
      break;
    case LEAKY_RELU_GRADIENT:
      leakyReluGradient();
      break;
    case TANH:
      tanh();
      break;
    case TANH_GRADIENT:
      tanhGradient();
      break;
    case MULTIPLY:
      multiply();
      break;
    case SUM:
      sum();
      break;
    case DROPOUT:
      dropout();
      break;
    case ADAM:
      adam();
      break;
    case RUNNING_AVERAGE:
      runningAverage();
      break;
    default:
      unreachable();
  }
}

/** Main thread: runs the task that lies in the control block; false if a thread died over it. */
export function run(): bool {
  if (broken()) return false;
  announce();
  work(0);
  return joined();
}

/** Helpers, numbered from 1: task after task until the pool ends. */
export function help(thread: i32): void {
  while (nextTask()) {
    work(thread);
    done();
  }
}
