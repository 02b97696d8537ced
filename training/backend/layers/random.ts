/** The random numbers that layers need. The caller brings the generator, and with it the seed and the state. */

export interface Random {
  /** A whole number, uniform in 0 … 2³² − 1. */
  nextUint32(): number;
}
