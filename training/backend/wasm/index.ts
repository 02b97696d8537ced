/** The training kernels' entry points: one for the thread that announces tasks, one for the threads that help. */

import {
  adam,
  dropout,
  leakyRelu,
  leakyReluGradient,
  multiply,
  sumRows,
  tanh,
  tanhGradient,
} from './elementwise';
import { announce, bind, broken, done, endPool, joined, nextTask, operation } from './pool';
import { product } from './product';

export { bind, endPool };

function work(thread: i32): void {
  switch (operation()) {
    case 0:
      product(thread);
      break;
    case 1:
      leakyRelu();
      break;
    case 2:
      leakyReluGradient();
      break;
    case 3:
      multiply();
      break;
    case 4:
      sumRows();
      break;
    case 5:
      adam();
      break;
    case 6:
      tanh();
      break;
    case 7:
      tanhGradient();
      break;
    case 8:
      dropout();
      break;
    default:
      unreachable();
  }
}

/** Main thread: runs the task that lies in the control block; false where a thread died over it. */
export function run(): bool {
  if (broken()) return false;
  announce();
  work(0);
  return joined();
}

/** Other threads, numbered from 1: helps with task after task until the pool ends. */
export function help(thread: i32): void {
  while (nextTask()) {
    work(thread);
    done();
  }
}
