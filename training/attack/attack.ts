/** What an attack is to the command that runs it: so many cases from a seed, each thing that it breaks a line. */

/** Where an attack tells what it sees. */
export interface Watch {
  /** Something was lost or broken: one line that says what was done, what came of it and what was expected. */
  found(line: string): void;
  /** So many of its cases are done. */
  done(cases: number): void;
}

export interface Attack {
  /** What it consists of, in the plural: "requests". It is the name of the flag as well. */
  readonly cases: string;
  /** What it does to what, for `--help`. */
  readonly about: string;
  /** How many cases there are unless one says otherwise. */
  readonly preset: number;
  /**
   * The same seed gives the same cases.
   * @returns in one line, what was tried and how it went, with figures
   */
  run(seed: string, count: number, watch: Watch): Promise<string>;
}
